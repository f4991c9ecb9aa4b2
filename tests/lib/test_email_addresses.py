import xml.etree.ElementTree as ET
from pathlib import Path

import email_validator
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.lib.email_addresses import PLAIN, InvalidEmail, email_key, normalise_email

SUITES = Path(__file__).parents[3] / "shared" / "data" / "addresses"
# docs/decisions/e-mail-addresses.md
TAKEN = {"ISEMAIL_VALID", "ISEMAIL_DNSWARN_NO_RECORD", "ISEMAIL_DNSWARN_NO_MX_RECORD"}
BROKEN_PUNYCODE = "test@xn--example.com"


def suite(name: str) -> list[tuple[str, str]]:
    """(address, diagnosis); control characters are written as their pictures."""
    path = SUITES / name
    if not path.exists():
        return []
    tests = ET.parse(path).getroot().iter("test")
    return [(_with_controls(test.findtext("address") or ""), test.findtext("diagnosis") or "") for test in tests]


def _with_controls(text: str) -> str:
    return "".join(chr(ord(character) - 0x2400) if 0x2400 <= ord(character) <= 0x2421 else character for character in text)


@pytest.mark.skipif(not SUITES.exists(), reason="the is_email suites are not in ../shared/data/addresses")
@pytest.mark.parametrize(("name", "count"), [("tests-original.xml", 279), ("tests.xml", 164)])
def test_every_case_of_is_email_is_decided_as_written_down(name: str, count: int) -> None:
    cases = suite(name)
    assert len(cases) == count
    wrong = [(address, diagnosis) for address, diagnosis in cases if _is_taken(address) != _should_be_taken(address, diagnosis)]
    assert wrong == []


def _should_be_taken(address: str, diagnosis: str) -> bool:
    """By its diagnosis; spaces and line ends around an address are never held against it."""
    bare = address.strip()
    if bare == address:
        return diagnosis in TAKEN and not _is_refused_all_the_same(address)
    return bare in {"test@iana.org", "test@example.com"}


def _is_refused_all_the_same(address: str) -> bool:
    ending = address.rpartition("@")[2].rpartition(".")
    return not ending[1] or len(ending[2]) == 1 or ending[2][-1].isdigit() or address == BROKEN_PUNYCODE


def _is_taken(address: str) -> bool:
    try:
        normalise_email(address)
    except InvalidEmail:
        return False
    return True


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("alice@example.com", "alice@example.com"),
        ("  Alice@EXAMPLE.com\n", "Alice@example.com"),
        ("mailto:alice@example.com?subject=Hi", "alice@example.com"),
        ("Alice Doe <alice@example.com>", "alice@example.com"),
        ('"Doe, Alice" <alice@example.com>', "alice@example.com"),
        ("o'brien+crm@example.co.uk", "o'brien+crm@example.co.uk"),
        ("info@müller.de", "info@müller.de"),
        ("info@xn--mller-kva.de", "info@müller.de"),
        ("jörg@example.de", "jörg@example.de"),
        ("alice@example。jp", "alice@example.jp"),
        ("alice@intranet.local", "alice@intranet.local"),
        ("alice@example.com.invalid", "alice@example.com.invalid"),
        ("ada@demo.example", "ada@demo.example"),
        ("alice@company.test", "alice@company.test"),
    ],
)
def test_a_pasted_address_is_mended(written: str, stored: str) -> None:
    assert normalise_email(written) == stored


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("", "Write an address like name@example.com"),
        ("alice", "the @ is missing"),
        ("alice @example.com", "there is a space before the @"),
        ("alice@ example.com", "there is a space after the @"),
        ("ali ce@example.com", "there is a space in it"),
        ("alice@@example.com", "more than one @"),
        ("alice@example.com, bob@example.com", "more than one address"),
        ("alice@example.com;bob@example.com", "more than one address"),
        ("@example.com", "before the @ is missing"),
        ("alice@", "after the @ is missing"),
        ("alice..doe@example.com", "two full stops"),
        ("alice.@example.com", "right before the @"),
        ("alice@.example.com", "right after the @"),
        ("alice@example.com.", "punctuation at the end"),
        ("alice@example,com", "comma in the domain"),
        ("alice@example", "no ending such as .com"),
        ("alice@example.c", "cut off"),
        ("alice＠example.com", "wide one"),
        ("alice@[192.168.0.1]", "number in brackets"),
        ('"alice doe"@example.com', "quotation marks"),
        ("ali(ce@example.com", "“(” cannot stand before the @"),
        ("a" * 65 + "@example.com", "65 characters before the @"),
        ("alice@exa_mple.com", "“exa_mple.com” is not a domain"),
    ],
)
def test_bob_reads_how_to_mend_his_address(written: str, hint: str) -> None:
    with pytest.raises(InvalidEmail, match=hint.replace("(", r"\(").replace(".", r"\.")):
        normalise_email(written)


def test_addresses_are_compared_without_case_and_in_ascii_domains() -> None:
    assert email_key("Alice@MÜLLER.de") == email_key("alice@xn--mller-kva.de") == "alice@xn--mller-kva.de"
    assert email_key("not an address ") == "not an address"


addresses = st.one_of(st.text(), st.emails(), st.from_regex(r"[\w.+ -]{1,20}@[\w.-]{1,20}\.\w{1,6}", fullmatch=True))


@given(addresses)
def test_any_text_is_an_address_for_good_or_refused(text: str) -> None:
    try:
        stored = normalise_email(text)
    except InvalidEmail as error:
        assert str(error).endswith(".")
        return
    assert normalise_email(stored) == stored
    assert len(stored) <= 254
    assert email_key(text) == email_key(stored)


@given(addresses)
def test_a_key_is_its_own_key(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


plain = st.from_regex(r"[a-z0-9_+'.-]{1,66}@([a-z0-9-]{1,64}\.){1,3}(com|de|arpa|onion|localhost|alt|x|museum|[a-z]{2,8})", fullmatch=True)


@given(plain)
@settings(max_examples=300)
def test_the_quick_way_for_plain_addresses_agrees_with_the_library(address: str) -> None:
    if PLAIN.fullmatch(address):
        assert email_validator.validate_email(address, check_deliverability=False, strict=True).normalized == address
