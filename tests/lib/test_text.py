import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.text import clean, digits, fold, initials


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller & Söhne", "muller & sohne"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("Æther Œuvre", "aether oeuvre"),
        ("Þórr Ðalur", "thorr dalur"),
        ("İstanbul ISPARTA ılık", "istanbul isparta ilik"),
        ("Ἀθῆναι ΑΘΗΝΑ", "αθηναι αθηνα"),
        ("Ёлка Йод", "елка иод"),
        ("שָׁלוֹם", "שלום"),
        ("ﬁne Ｆｕｌｌ", "fine full"),
        ("O’Brien–Smith O´Neil", "o'brien-smith o'neil"),
        ("  two\u00a0 \n words\t", "two words"),
        ("zero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
        ("A\u0000B\u0007C", "abc"),
        ("nai\u0308ve", "naive"),
        ("한국", "한국"),
        ("がくせい", "がくせい"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_alice_finds_what_was_written_otherwise(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    folded.encode()


@given(st.text(alphabet=string.printable))
def test_the_quick_way_for_ascii_agrees_with_the_long_one(text: str) -> None:
    assert fold(text) == fold(text + "é").removesuffix("e").strip()


def test_a_hundred_thousand_names_fold_in_a_second() -> None:
    names = ["Müller Straße GmbH", "Alice Doe", "Łódź Ørsted", "Acme Corporation", "李小龙"] * 20_000
    began = time.process_time()
    for name in names:
        fold(name)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("written", "found"), [("+49 (30) 90-18", "49309018"), ("٠٣١", "031"), ("１２", "12"), ("x²", ""), ("", ""), ("none", "")]
)
def test_digits_of_any_script_become_ascii(written: str, found: str) -> None:
    assert digits(written) == found


@given(st.text())
def test_digits_are_ascii_and_stay(text: str) -> None:
    found = digits(text)
    assert set(found) <= set(string.digits)
    assert digits(found) == found


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Doe", "AD"),
        ("Alice van der Doe", "AD"),
        ("contoso", "CO"),
        ("Ö", "Ö"),
        ("ßen Xu", "SX"),
        ("(Bob) Smith", "BS"),
        ("– –", "?"),
        ("", "?"),
        ("李小龙", "李小"),
        ("3M", "3M"),
    ],
)
def test_an_avatar_has_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text())
def test_initials_are_short(name: str) -> None:
    assert 1 <= len(initials(name)) <= 2


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Alice \n", "Alice"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\x00b\x07c", "abc"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\ufeffBOM", "BOM"),
        ("Zoe\u0308", "Zoë"),
        ("tab\tstays", "tab\tstays"),
        ("family 👨\u200d👩", "family 👨\u200d👩"),
        ("half \ud800 surrogate", "half  surrogate"),
    ],
)
def test_what_cannot_be_stored_is_dropped(written: str, kept: str) -> None:
    assert clean(written) == kept


@given(st.text(alphabet=st.characters()))
def test_cleaned_text_can_be_stored_and_stays(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\x00" not in kept
    kept.encode()
