import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.phones import InvalidPhone, display_phone, normalise_phone, tel_url


@pytest.mark.parametrize(
    ("written", "country", "stored", "found_in"),
    [
        ("030 901820", "DE", "+4930901820", "DE"),
        ("030/901820", "DE", "+4930901820", "DE"),
        ("(030) 90 18-20", "DE", "+4930901820", "DE"),
        ("+49 (0) 30 901820", "", "+4930901820", "DE"),
        ("+49(0)30 901820", "US", "+4930901820", "DE"),
        ("0049 30 901820", "DE", "+4930901820", "DE"),
        ("0049 30 901820", "US", "+4930901820", "DE"),
        ("011 49 30 901820", "US", "+4930901820", "DE"),
        ("Tel.: 030 901820", "DE", "+4930901820", "DE"),
        ("030 901820 DW 12", "DE", "+4930901820;ext=12", "DE"),
        ("(785) 241-6200", "US", "+17852416200", "US"),
        ("(785) 241-6200 ext. 12", "us", "+17852416200;ext=12", "US"),
        ("785.241.6200 x45", "US", "+17852416200;ext=45", "US"),
        ("1-800-FLOWERS", "US", "+18003569377", "US"),
        ("+1 (416) 555-0123", "", "+14165550123", "CA"),
        ("06 12 34 56 78", "FR", "+33612345678", "FR"),
        ("+33 (0)6 12 34 56 78", "", "+33612345678", "FR"),
        ("06 4990 1234", "IT", "+390649901234", "IT"),
        ("+39 06 4990 1234", "", "+390649901234", "IT"),
        ("020 7946 0958", "GB", "+442079460958", "GB"),
        ("03-1234-5678", "JP", "+81312345678", "JP"),
        ("０３１２３４５６７８", "JP", "+81312345678", "JP"),
        ("tel:+49-30-901820;ext=12", "", "+4930901820;ext=12", "DE"),
        ("+49\u00a030\u2011901820", "", "+4930901820", "DE"),
        ("886-2-25474189", "US", "+886225474189", "TW"),
        ("33562156600", "US", "+33562156600", "FR"),
        ("+800 1234 5678", "", "+80012345678", ""),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, country: str, stored: str, found_in: str) -> None:
    phone = normalise_phone(written, country)
    assert (phone.stored, phone.country) == (stored, found_in)
    assert phone.possible


@pytest.mark.parametrize(
    ("written", "country", "hint"),
    [
        ("", "DE", "Write a number like"),
        ("n/a", "DE", "not a telephone number"),
        ("call me", "US", "not a telephone number"),
        ("030 901820", "", r"Begin with \+ and the country code"),
        ("241-6200", "US", "area code is missing"),
        ("+49 30", "", "too short"),
        ("+1 785 241 6200 999 888", "US", "too long"),
        ("030 901820 / 030 901821", "DE", "more than one number"),
        ("+999 123456", "", "No country has this country code"),
        ("1" * 400, "DE", "not a telephone number"),
    ],
)
def test_bob_reads_how_to_mend_his_number(written: str, country: str, hint: str) -> None:
    with pytest.raises(InvalidPhone, match=hint):
        normalise_phone(written, country)


def test_a_fictional_number_is_kept_but_known_to_be_nobodys() -> None:
    assert normalise_phone("+49 30 901820").valid
    phone = normalise_phone("(555) 555-0123", "US")
    assert phone.possible
    assert not phone.valid


def test_a_number_is_shown_national_at_home_and_international_abroad() -> None:
    assert display_phone("+4930901820", "DE") == "030 901820"
    assert display_phone("+4930901820", "FR") == "+49 30 901820"
    assert display_phone("+4930901820") == "+49 30 901820"
    assert display_phone("+17852416200;ext=12", "CA") == "(785) 241-6200 ext. 12"
    assert display_phone("ask Bob", "DE") == "ask Bob"


def test_digits_of_other_scripts_are_kept_as_those_that_telephones_have() -> None:
    assert normalise_phone("+3꘡10000000").stored == "+3110000000"
    assert normalise_phone("+٤٩ ٣٠ ٩٠١٨٢٠").stored == "+4930901820"


def test_a_number_can_be_dialled() -> None:
    assert tel_url("+17852416200;ext=12") == "tel:+17852416200;ext=12"
    assert tel_url("javascript:alert(1)") == ""


numbers = st.one_of(st.text(), st.from_regex(r"(\+|00)?[\d ()/.-]{3,20}( ext\. \d{1,4})?", fullmatch=True))
countries = st.sampled_from(["", "DE", "US", "IT", "AR", "BR", "XX", "de"])


@given(numbers, countries)
def test_any_text_is_a_number_for_good_or_refused(text: str, country: str) -> None:
    try:
        phone = normalise_phone(text, country)
    except InvalidPhone as error:
        assert str(error).endswith(".")
        return
    assert normalise_phone(phone.stored, country) == phone
    assert len(phone.stored) <= 40
    assert tel_url(phone.stored) == f"tel:{phone.stored}"
    assert normalise_phone(phone.international).e164 == phone.e164


@given(st.text(), st.text())
def test_showing_never_fails(stored: str, country: str) -> None:
    display_phone(stored, country)
    tel_url(stored)
