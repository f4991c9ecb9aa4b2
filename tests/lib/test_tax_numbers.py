import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.lib.country_table import COUNTRIES
from crm.lib.tax_numbers import (
    EXAMPLES,
    InvalidRegistrationNumber,
    InvalidTaxNumber,
    _modules,
    normalise_registration_number,
    normalise_tax_number,
)


@pytest.mark.parametrize(
    ("written", "country", "stored"),
    [
        ("DE136695976", "DE", "DE136695976"),
        ("de 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("DE 136.695.976", "", "DE136695976"),
        ("12/345/67890", "DE", "1234567890"),
        ("ATU 13585627", "AT", "ATU13585627"),
        ("U13585627", "AT", "ATU13585627"),
        ("40303265045", "FR", "FR40303265045"),
        ("EL094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("NL4495445B01", "NL", "NL004495445B01"),
        ("DE136695976", "FR", "DE136695976"),
        ("DE136695976", "US", "DE136695976"),
        ("GB 980 780 684", "GB", "GB980780684"),
        ("XI 980780684", "GB", "XI980780684"),
        ("CHE-116.281.710 MWST", "CH", "CHE-116.281.710 MWST"),
        ("911144442", "US", "91-1144442"),
        ("16727230000197", "BR", "16.727.230/0001-97"),
        ("27aapfu0939f1zv", "IN", "27AAPFU0939F1ZV"),
        ("51824753556", "AU", "51 824 753 556"),
        ("ab 1234 x", "AF", "AB 1234 X"),
        ("12345", "", "12345"),
        ("１２３４５", "", "12345"),
    ],
)
def test_tax_numbers_get_their_usual_writing(written: str, country: str, stored: str) -> None:
    assert normalise_tax_number(written, country) == stored
    assert normalise_tax_number(stored, country) == stored


@pytest.mark.parametrize(
    ("written", "country", "hint"),
    [
        ("", "DE", "Write the tax number"),
        ("136695978", "DE", "check digit of a tax number of Germany does not fit"),
        ("DE136695978", "FR", "is not a tax number of France|tax number of France"),
        ("123", "FR", "too few or too many characters for a tax number of France. Write it like FR40303265045"),
        ("91-11444", "US", "tax number of United States"),
        ("abc", "", "at least one of them a digit"),
        ("123", "AF", "has 4 to 40"),
        ("1234<script>", "DE", "Take out the rest"),
        ("1" * 60, "", "has 4 to 40"),
    ],
)
def test_bob_reads_how_to_mend_his_tax_number(written: str, country: str, hint: str) -> None:
    with pytest.raises(InvalidTaxNumber, match=hint):
        normalise_tax_number(written, country)


@pytest.mark.parametrize("country", EXAMPLES)
def test_the_examples_in_messages_are_valid_themselves(country: str) -> None:
    assert normalise_tax_number(EXAMPLES[country], country) == EXAMPLES[country]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  hrb  12345  b ", "HRB 12345 B"),
        ("HRB 11223 Aachen", "HRB 11223 Aachen"),
        ("Amtsgericht München, HRB 1", "Amtsgericht München, HRB 1"),
        ("01234567", "01234567"),
        ("SC123456", "SC123456"),
        ("303 265 045 00032", "303 265 045 00032"),
        ("京ICP备1", "京ICP备1"),
    ],
)
def test_registration_numbers_are_kept_as_the_register_has_them(written: str, stored: str) -> None:
    assert normalise_registration_number(written, "DE") == stored


@pytest.mark.parametrize("written", ["", "none", "<b>1</b>", "1" * 41, "12;34"])
def test_what_no_register_gives_out_is_refused(written: str) -> None:
    with pytest.raises(InvalidRegistrationNumber):
        normalise_registration_number(written)


numbers = st.one_of(
    st.text(), st.from_regex(r"[A-Za-z]{0,3}[ -]?[0-9A-Z ./-]{4,15}[A-Z]?", fullmatch=True), st.from_regex(r"\d{7,15}", fullmatch=True)
)


@given(numbers, st.one_of(st.sampled_from(list(COUNTRIES)), st.text(max_size=3)))
def test_any_text_is_a_tax_number_for_good_or_refused(text: str, country: str) -> None:
    try:
        stored = normalise_tax_number(text, country)
    except InvalidTaxNumber as error:
        assert str(error).endswith(".")
        return
    assert len(stored) <= 40
    assert normalise_tax_number(stored, country) == stored


@given(
    st.sampled_from([country for country in COUNTRIES if _modules(country)]), st.from_regex(r"([A-Z]{2})?\d{6,14}[A-Z]?", fullmatch=True)
)
@settings(max_examples=300)
def test_every_countrys_check_survives_digits(country: str, text: str) -> None:
    try:
        stored = normalise_tax_number(text, country)
    except InvalidTaxNumber:
        return
    assert normalise_tax_number(stored, country) == stored


@given(st.text())
def test_any_text_is_a_registration_number_for_good_or_refused(text: str) -> None:
    try:
        stored = normalise_registration_number(text)
    except InvalidRegistrationNumber as error:
        assert str(error).endswith(".")
        return
    assert normalise_registration_number(stored) == stored
