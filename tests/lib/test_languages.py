from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.language_table import LANGUAGES
from crm.lib.languages import is_time_zone, language_choices, language_code, language_name, time_zone_choices


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de_DE", "de"),
        ("zh-Hans-CN", "zh"),
        ("es-419", "es"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("German (Austria)", "de"),
        ("ger", "de"),
        ("deu", "de"),
        ("Français", "fr"),
        ("日本語", "ja"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_languages_are_known_by_code_tag_and_name(written: str, code: str | None) -> None:
    assert language_code(written) == code


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_found_by_its_own_name(code: str) -> None:
    assert language_code(str(language_name(code))) == code


def test_choices_are_by_name() -> None:
    names = [str(name) for _code, name in language_choices()]
    assert names.index("German") < names.index("Greek")


@given(st.text())
def test_any_text_is_a_language_or_none(text: str) -> None:
    assert language_code(text) in {*LANGUAGES, None}


def test_time_zones_are_grouped_and_all_of_them_work() -> None:
    groups = {str(label): [zone for zone, _place in zones] for label, zones in time_zone_choices()}
    assert next(iter(groups)) == "UTC"
    assert "Europe/Berlin" in groups["Europe"]
    assert all(is_time_zone(zone) and ZoneInfo(zone) for zones in groups.values() for zone in zones)
    assert ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires") in dict(time_zone_choices())["America"]


def test_what_is_no_place_is_no_time_zone() -> None:
    assert not is_time_zone("EST5EDT")
    assert not is_time_zone("Etc/GMT+3")
    assert not is_time_zone("../../etc/passwd")
