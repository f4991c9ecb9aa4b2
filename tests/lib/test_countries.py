import re

import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.countries import (
    Address,
    check_address,
    country_choices,
    country_code,
    country_name,
    is_in_eu,
    missing_parts,
    normalise_postal_code,
)
from crm.lib.country_table import COUNTRIES
from crm.lib.postal_codes import POSTAL_CODES, WITHOUT_POSTAL_CODES
from crm.lib.regions import COUNTRIES_WITH_REGIONS, region_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("DEUTSCHLAND ", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Allemagne", "DE"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("England", "GB"),
        ("United Kingdom", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("EE.UU.", "US"),
        ("España", "ES"),
        ("espana", "ES"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("Netherlands (the)", "NL"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Ivory Coast", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Viet Nam", "VN"),
        ("Russian Federation", "RU"),
        ("中国", "CN"),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("Ελλάδα", "GR"),
        ("Bosnia & Herzegovina", "BA"),
        ("Kosovo", "XK"),
        ("Atlantis", None),
        ("XX", None),
        ("", None),
        ("...", None),
    ],
)
def test_countries_are_known_by_their_names(written: str, code: str | None) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_found_by_its_own_name_and_code(code: str) -> None:
    assert country_code(code) == country_code(code.lower()) == country_code(str(country_name(code))) == code


def test_the_choices_are_all_countries_by_name() -> None:
    names = [str(name) for _code, name in country_choices()]
    assert len(names) == 250
    assert names.index("Åland Islands") < names.index("Albania")
    assert names[0] == "Afghanistan"


def test_membership_of_the_eu() -> None:
    assert is_in_eu("DE")
    assert is_in_eu("hr")
    assert not is_in_eu("GB")
    assert not is_in_eu("CH")


def test_tables_speak_of_countries_that_exist_and_agree_with_each_other() -> None:
    assert set(POSTAL_CODES) <= set(COUNTRIES)
    assert set(COUNTRIES) >= WITHOUT_POSTAL_CODES
    assert not WITHOUT_POSTAL_CODES & set(POSTAL_CODES)


@pytest.mark.parametrize("country", POSTAL_CODES)
def test_the_example_of_each_country_is_in_its_usual_writing(country: str) -> None:
    example = POSTAL_CODES[country].example
    assert normalise_postal_code(example, country) == example
    assert normalise_postal_code(re.sub(r"[ -]", "", example).lower(), country) == example


LOCALES = [
    "cs_CZ",
    "da_DK",
    "de_AT",
    "de_CH",
    "de_DE",
    "el_GR",
    "en_AU",
    "en_CA",
    "en_GB",
    "en_US",
    "es_ES",
    "et_EE",
    "fi_FI",
    "fr_FR",
    "he_IL",
    "hr_HR",
    "hu_HU",
    "hy_AM",
    "id_ID",
    "it_IT",
    "ja_JP",
    "ko_KR",
    "lt_LT",
    "nl_BE",
    "nl_NL",
    "no_NO",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "ro_RO",
    "ru_RU",
    "sk_SK",
    "sl_SI",
    "sv_SE",
    "th_TH",
    "tr_TR",
    "uk_UA",
    "zh_CN",
    "en_NZ",
]


@pytest.mark.parametrize("locale", LOCALES)
def test_another_librarys_postal_codes_fit(locale: str) -> None:
    country, fake = locale[-2:], Faker(locale)
    fake.seed_instance(1)
    codes = [fake.postcode() for _ in range(50)]
    refused = [code for code in codes if check_address(Address(city="x", postal_code=code, country=country))]
    assert refused == []


@pytest.mark.parametrize(
    ("country", "written", "usual"),
    [
        ("DE", "D-10115", "10115"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("CA", "k1a 0b1", "K1A 0B1"),
        ("US", "941051234", "94105-1234"),
        ("NL", "1012js", "1012 JS"),
        ("PL", "00950", "00-950"),
        ("SE", "SE-111 22", "111 22"),
        ("JP", "〒1000001", "100-0001"),
        ("GR", "ΤΚ 105 58", "105 58"),
        ("BR", "01310100", "01310-100"),
        ("LV", "lv1010", "LV-1010"),
        ("DE", "  1 ", "1"),
        ("AE", " x  y ", "x y"),
    ],
)
def test_a_postal_code_is_written_as_its_country_does(country: str, written: str, usual: str) -> None:
    assert normalise_postal_code(written, country) == usual


def problems(**parts: str) -> list[str]:
    return [problem.field for problem in check_address(Address(**parts))]


@pytest.mark.parametrize(
    "address",
    [
        Address(),
        Address("Hauptstr. 1", "Berlin", "10115", "", "DE"),
        Address("1 Main St", "San Francisco", "94105", "CA", "US"),
        Address("1 Main St", "San Francisco", "94105-1234", "California", "US"),
        Address("1 King St", "Sydney", "2000", "new south wales", "AU"),
        Address("1 rue X", "Montréal", "H2X 1Y4", "Québec", "CA"),
        Address(city="Dubai", country="AE", postal_code="00000"),
        Address(city="Berlin"),
        Address(country="DE"),
        Address(street="1 Orchard Rd", postal_code="238874", country="SG"),
        Address(region="Bavaria", country="DE"),
    ],
)
def test_an_address_whose_parts_agree_is_fine(address: Address) -> None:
    assert check_address(address) == []


@pytest.mark.parametrize(
    ("address", "field", "hint"),
    [
        (
            Address(city="Berlin", postal_code="1011", country="DE"),
            "postal_code",
            "“1011” is not a postal code of Germany. Write it like 10115",
        ),
        (Address(city="London", postal_code="10115", country="GB"), "postal_code", "Write it like SW1A 1AA, or change the country"),
        (Address(city="Toronto", postal_code="D1A 0B1", country="CA"), "postal_code", "Canada"),
        (Address(street="Hauptstr. 1", country="DE"), "city", "There is a street but no city"),
        (Address(city="Berlin", postal_code="10115"), "country", "There is a postal code but no country"),
        (Address(city="X", region="ZZ", country="US"), "region", "“ZZ” is not a state or province of United States"),
        (Address(city="X", region="Texas", country="CA"), "region", "Write its code, like ON"),
        (Address(city="X", region="CA", country="AU"), "region", "Australia"),
        (Address(city="X", country="Germany"), "country", "“Germany” is not a country code"),
    ],
)
def test_bob_reads_which_parts_of_an_address_do_not_agree(address: Address, field: str, hint: str) -> None:
    (problem,) = check_address(address)
    assert problem.field == field
    assert hint in problem.message


def test_every_contradiction_is_told_at_once() -> None:
    assert problems(street="1 Main St", postal_code="SW1A 1AA", region="Bavaria", country="US") == ["postal_code", "region", "city"]


def test_a_letter_needs_more_than_a_record() -> None:
    assert [problem.field for problem in missing_parts(Address(city="Austin", country="US"))] == ["street", "postal_code", "region"]
    assert missing_parts(Address("x", "Dubai", country="AE")) == []


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (Address("Hauptstr. 1\nHof", "Berlin", "10115", "", "DE"), "Hauptstr. 1, Hof, 10115 Berlin, Germany"),
        (Address("1 Main St", "San Francisco", "94105", "CA", "US"), "1 Main St, San Francisco, CA 94105, United States"),
        (Address("10 Downing St", "London", "SW1A 2AA", "", "GB"), "10 Downing St, London, SW1A 2AA, United Kingdom"),
        (Address(city="Berlin"), "Berlin"),
        (Address(country="FR"), "France"),
        (Address(), ""),
    ],
)
def test_an_address_on_one_line(address: Address, line: str) -> None:
    assert address.one_line() == line


def test_an_address_of_blanks_is_empty() -> None:
    assert Address("  ", "", "\n").is_empty
    assert not Address(city="Berlin").is_empty


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [("ca", "US", "CA"), ("california", "US", "CA"), ("Québec", "CA", "QC"), ("x", "US", None), ("CA", "DE", None)],
)
def test_states_are_known_by_code_and_name(written: str, country: str, code: str | None) -> None:
    assert region_code(written, country) == code
    assert country == "DE" or region_code(COUNTRIES_WITH_REGIONS[country], country)


@given(st.text(), st.sampled_from([*POSTAL_CODES, "AE", "", "zz"]))
def test_a_postal_code_normalised_twice_stays(text: str, country: str) -> None:
    once = normalise_postal_code(text, country)
    assert normalise_postal_code(once, country) == once


@given(st.builds(Address, st.text(), st.text(), st.text(), st.text(), st.one_of(st.sampled_from(list(COUNTRIES)), st.text())))
def test_any_address_can_be_checked_and_shown(address: Address) -> None:
    for problem in check_address(address):
        assert problem.field in {"street", "city", "postal_code", "region", "country"}
        assert problem.message.endswith(".")
    assert "\n" not in address.one_line() or "\n" in address.city + address.region + address.postal_code + address.country


@given(st.text())
def test_any_text_is_a_country_or_none(text: str) -> None:
    assert country_code(text) in {*COUNTRIES, None}
