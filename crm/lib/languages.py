"""Languages of people, and the time zones they live in."""

import re
from functools import cache
from zoneinfo import available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.lib.language_table import ALPHA_3, LANGUAGES, OTHER_NAMES
from crm.lib.text import fold, names_in_all_languages

REGION_TAG = re.compile(r"([a-z]{2,3})[-_](?:[a-z]{2,4}|\d{3}|[a-z]{4}[-_][a-z]{2})")
AREAS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


def language_code(text: str) -> str | None:
    """The ISO 639-1 code of a language in any usual writing ("de", "de-AT", "ger", "Deutsch", "German (Austria)"); None if unknown."""
    name = fold(text)
    if tag := REGION_TAG.fullmatch(name):
        name = tag[1]
    return _codes_by_name().get(name) or _codes_by_name().get(name.partition("(")[0].strip())


def language_name(code: str) -> str | Promise:
    """The name in the reader's language; an unknown code is its own name."""
    return LANGUAGES.get(code, code)


def language_choices() -> list[tuple[str, str | Promise]]:
    """(code, name), sorted by name."""
    return sorted(LANGUAGES.items(), key=lambda choice: fold(str(choice[1])))


def time_zone_choices() -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """Groups for a select: (area, [(zone, "Argentina, Buenos Aires")]). UTC comes first, in a group of its own."""
    groups: list[tuple[str | Promise, list[tuple[str, str]]]] = [("UTC", [("UTC", "UTC")])]
    for area, label in AREAS.items():
        zones = sorted(zone for zone in _zones() if zone.startswith(f"{area}/"))
        groups.append((label, [(zone, _place(zone)) for zone in zones]))
    return groups


def is_time_zone(text: str) -> bool:
    """Whether it is one of the choices' zones."""
    return text == "UTC" or text in _zones()


@cache
def _zones() -> frozenset[str]:
    """Named after places; the likes of EST5EDT and Etc/GMT+3 are left out."""
    return frozenset(zone for zone in available_timezones() if zone.partition("/")[0] in AREAS and "/" in zone)


def _place(zone: str) -> str:
    return ", ".join(part.replace("_", " ") for part in zone.split("/")[1:])


@cache
def _codes_by_name() -> dict[str, str]:
    names = {fold(name): code for name, code in names_in_all_languages(LANGUAGES)}
    others = {fold(name): code for code, all_names in OTHER_NAMES.items() for name in all_names}
    return {**names, **others, **ALPHA_3, **{code: code for code in LANGUAGES}}
