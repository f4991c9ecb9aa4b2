"""What a token is for: "customers:view", "tasks:change", "contacts:*", "*:view". A name alone is reading."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.api.addresses import plural_of
from crm.fields.record_types import record_types

ALL = "*"
READ = "view"
VERBS = {
    "view": gettext_lazy("View"),
    "create": gettext_lazy("Create"),
    "change": gettext_lazy("Edit"),
    "delete": gettext_lazy("Delete"),
    "share": gettext_lazy("Share"),
}
FURTHER: dict[str, tuple[str, ...]] = {}


def register(name: str, *verbs: str) -> None:
    """Something else than a record type that a scope can name, as "jobs", with its verbs."""
    FURTHER[name] = verbs


def names() -> dict[str, tuple[str, ...]]:
    """All that a scope can name, with its verbs."""
    return {plural_of(kind.key): tuple(VERBS) for kind in record_types} | FURTHER


def checked(scopes: Iterable[str]) -> list[str]:
    """The scopes in their one written form, "*:view" for none. Raises ValidationError."""
    known = names()
    found: list[str] = []
    for text in scopes:
        name, _colon, verb = text.strip().partition(":")
        verb = verb or READ
        if name != ALL and name not in known:
            raise ValidationError(
                _("There is no scope “%(name)s”. Choose among: %(known)s."), params={"name": name[:60], "known": ", ".join((ALL, *known))}
            )
        allowed = (*VERBS, ALL) if name == ALL else (*known[name], ALL)
        if verb not in allowed:
            raise ValidationError(
                _("“%(name)s” has no “%(verb)s”. Choose among: %(known)s."),
                params={"name": name, "verb": verb[:60], "known": ", ".join(allowed)},
            )
        found.append(f"{name}:{verb}")
    return list(dict.fromkeys(found)) or [f"{ALL}:{READ}"]


def allows(scopes: Iterable[str], name: str, verb: str) -> bool:
    """Whether one of the scopes holds this."""
    return not {f"{name}:{verb}", f"{name}:{ALL}", f"{ALL}:{verb}", f"{ALL}:{ALL}"}.isdisjoint(scopes)
