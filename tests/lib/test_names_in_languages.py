"""Names of countries, languages and currencies are understood in every language that Tern speaks, whoever asks first."""

import pytest
from django.utils.translation import override

from crm.lib import countries, languages, money


@pytest.mark.parametrize("first", ["en", "de"])
def test_english_and_german_names_are_understood_by_everybody(first: str) -> None:
    for module in (countries, languages, money):
        module._codes_by_name.cache_clear()
    with override(first):
        assert [countries.country_code(name) for name in ("Switzerland", "Schweiz")] == ["CH", "CH"]
        assert [languages.language_code(name) for name in ("Hungarian", "Ungarisch")] == ["hu", "hu"]
        assert [money.currency_code(name) for name in ("Swiss franc", "Schweizer Franken")] == ["CHF", "CHF"]
