# ruff: noqa: E501  # tables of data
"""vCards of phones and mail programs: every name, e-mail and phone, as somebody reading the card would copy them."""

import pytest

from crm.imports.readers import open_table

# File: per card (full name, e-mails with type, phones with type).
REAL = {
    "John_Doe_ANDROID.vcf": [
        ("", [("john.doe@company.com", "")], []),
        ("", [("jane.doe@company.com", "")], []),
        ("Ñ Ñ Ñ Ñ Ñ", [], [("123456789", "mobile")]),
        ("Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ", [], [("123456", "mobile"), ("234567", "home"), ("3456789", "mobile"), ("45678901", "home")]),
        ("Ñ Ñ Ñ Ñ", [("bob@company.com", "work"), ("Ñ" * 14, "")], [("123456", "mobile"), ("123456", "work"), ("123456", "work fax")]),
        ("ÑÑÑÑ", [("henry@company.com", "")], [("55556666", "mobile")]),
    ],
    "John_Doe_BLACK_BERRY.vcf": [("John Doe", [], [("+96123456789", "mobile")])],
    "John_Doe_EVOLUTION.vcf": [
        ("Mr. John Richter, James Doe Sr.", [("john.doe@ibm.com", "work")], [("905-666-1234", "mobile"), ("905-555-1234", "work")])
    ],
    "John_Doe_GMAIL.vcf": [
        ("Mr. John Richter, James Doe Sr.", [("john.doe@ibm.com", "home")], [("905-555-1234", "mobile"), ("905-666-1234", "home")])
    ],
    "John_Doe_IPHONE.vcf": [
        (
            "Mr. John Richter James Doe Sr.",
            [("john.doe@ibm.com", "")],
            [
                ("905-555-1234", "mobile"), ("905-666-1234", "home"), ("905-777-1234", "work"), ("905-888-1234", "home fax"),
                ("905-999-1234", "work fax"), ("905-111-1234", "pager"), ("905-222-1234", "assistant"),
            ],
        )
    ],
    "John_Doe_LOTUS_NOTES.vcf": [
        (
            "Mr. Doe John I Johny",
            [("john.doe@ibm.com", "work"), ("billy_bob@gmail.com", "work")],
            [("+1 (212) 204-34456", "mobile"), ("00-1-212-555-7777", "work fax")],
        )
    ],
    "John_Doe_MAC_ADDRESS_BOOK.vcf": [
        (
            "Mr. John Richter,James Doe Sr.",
            [("john.doe@ibm.com", "work")],
            [
                ("905-777-1234", "work"), ("905-666-1234", "home"), ("905-555-1234", "mobile"), ("905-888-1234", "home fax"),
                ("905-999-1234", "work fax"), ("905-111-1234", "pager"), ("905-222-1234", "assistant"),
            ],
        )
    ],
    "John_Doe_MS_OUTLOOK.vcf": [
        ("Mr. John Richter James Doe Sr.", [("john.doe@ibm.cm", "")], [("(905) 555-1234", "work"), ("(905) 666-1234", "home")])
    ],
    "fullcontact.vcf": [
        (
            "Prefix FirstName MiddleName LastName Suffix",
            [
                ("home@example.com", "home"), ("work@example.com", "work"), ("school@example.com", "school"),
                ("other@example.com", "other"), ("custom@example.com", "customtype"),
            ],
            [
                ("555-555-1111", "home"), ("555-555-1112", "work"), ("555-555-1113", "mobile"), ("555-555-1114", "mobile"), ("555-555-1115", ""),
                ("555-555-1116", "home fax"), ("555-555-1117", "work fax"), ("555-555-1118", ""), ("555-555-1119", ""),
            ],
        )
    ],
    "gmail-list.vcf": [
        ("Arnold Smith", [("asmithk@gmail.com", "")], []),
        ("Chris Beatle", [("chrisy55d@yahoo.com", "")], []),
        ("Doug White", [("dwhite@gmail.com", "")], []),
    ],
    "gmail-single.vcf": [("Greg Dartmouth", [("gdartmouth@hotmail.com", "")], [("555 555 1111", "mobile"), ("555 555 2222", "GRAND_CENTRAL")])],
    "gmail-single2.vcf": [
        (
            "VCard Test",
            [
                ("email@example.com", ""), ("homeemail@example.com", "home"), ("workemail@example.com", "work"),
                ("otheremail@example.com", ""), ("customcategory@example.com", "CustomEmailCategory"),
            ],
            [
                ("5555551111", ""), ("5555551112", "home"), ("5555551113", "work"), ("5555551114", ""), ("5555551115", "mobile"), ("5555551116", "main"),
                ("5555551117", "home fax"), ("5555551118", "work fax"), ("5555551119", "GRAND_CENTRAL"), ("5555551120", "pager"),
                ("5555551121", "CustomePhoneCategory"),
            ],
        )
    ],
    "issue114.vcf": [("Dummy, Dummy", [("dummy.dummy@dummy.com", "home")], [("+49 1234 56789", "mobile"), ("+49 9876 54321", "work")])],
    "outlook-2003.vcf": [
        (
            "John Doe III",
            [("jdoe@hotmail.com", "")],
            [("BusinessPhone", "work"), ("HomePhone", "home"), ("MobilePhone", "mobile"), ("BusinessFaxPhone", "work fax")],
        )
    ],
    "outlook-2007.vcf": [
        (
            "Mr. Michael Angstadt Jr.",
            [("mike.angstadt@gmail.com", "")],
            [("(111) 555-1111", "work"), ("(111) 555-2222", "home"), ("(111) 555-4444", "mobile"), ("(111) 555-3333", "work fax")],
        )
    ],
    "rfc2426-example.vcf": [
        ("Frank Dawson", [("Frank_Dawson@Lotus.com", ""), ("fdawson@earthlink.net", "")], [("+1-919-676-9515", "work"), ("+1-919-676-9564", "work fax")]),
        ("Tim Howes", [("howes@netscape.com", "")], [("+1-415-937-3419", "work"), ("+1-415-528-4164", "work fax")]),
    ],
    "rfc6350-example.vcf": [
        ("Simon Perreault", [("simon.perreault@viagenie.ca", "work")], [("+1-418-656-9254 ext. 102", "work"), ("+1-418-262-6501", "mobile")])
    ],
    "thunderbird-MoreFunctionsForAddressBook-extension.vcf": [
        (
            "John Doe",
            [
                ("doe.john@hotmail.com", ""), ("additional-email@company.com", ""), ("additional-email1@company.com", ""),
                ("additional-email2@company.com", ""), ("additional-email3@company.com", ""),
            ],
            [("555-555-1111", "work"), ("555-555-2222", "home"), ("555-555-5555", "mobile"), ("555-555-3333", "fax"), ("555-555-4444", "pager")],
        )
    ],
}  # fmt: skip


def cards(path):
    with open_table(path) as table:
        return [(row, {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell}) for row in table.rows()]


def several(card, kind):
    return [(card[name], card.get(f"{name} type", "")) for name in (f"{kind} {n}" for n in range(1, 30)) if name in card]


@pytest.mark.parametrize("name", REAL)
def test_real_cards_are_read_fully(real_data, name):
    found = cards(real_data / "vcard" / name)
    assert [row.problem for row, _card in found] == [""] * len(found)
    assert [(card.get("Full name", ""), several(card, "E-mail"), several(card, "Phone")) for _row, card in found] == REAL[name]


def test_all_real_cards_are_expected(real_data):
    assert {path.name for path in (real_data / "vcard").glob("*.vcf")} == set(REAL)


def test_parts_of_real_cards(real_data):
    outlook = cards(real_data / "vcard/outlook-2003.vcf")[0][1]
    assert (outlook["Organization"], outlook["Department"], outlook["Job title"]) == ("Company, The", "TheDepartment", "The Job Title")
    assert outlook["Note"] == "This is the note field!!\nSecond line\n\nThird line is empty"
    assert (outlook["Birthday"], outlook["Website"], outlook["Prefix"]) == ("1980-03-21", "http://web-page-address.com", "Mr.")
    iphone = cards(real_data / "vcard/John_Doe_IPHONE.vcf")[0][1]
    assert (iphone["Work street"], iphone["Home city"], iphone["Home country"]) == (
        "Street4\nBuilding 6\nFloor 8",
        "New York",
        "United States of America",
    )
    rfc = cards(real_data / "vcard/rfc6350-example.vcf")[0][1]
    assert (rfc["Birthday"], rfc["Suffix"], rfc["Work city"], rfc["Language"]) == ("--02-03", "ing. jr, M.Sc.", "Quebec", "fr")
    android = cards(real_data / "vcard/John_Doe_ANDROID.vcf")[4][1]
    assert (android["Last name"], android["First name"], android["Website 2"]) == ("Ñ Ñ", "Ñ Ñ Ñ", "http://www.company.com")


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def one(write, *lines, version="3.0"):
    return cards(write(card(*lines, version=version), "x.vcf"))[0][1]


def test_folding_escapes_and_groups(write):
    found = one(
        write, "FN:Ann L", " ee", "N:Lee;Ann;;;", "item1.EMAIL:ann@acme.example", "item1.X-ABLabel:_$!<Work>!$_", r"NOTE:a\, b\; c\nd\\e"
    )
    assert found["Full name"] == "Ann Lee"
    assert (found["E-mail 1"], found["E-mail 1 type"]) == ("ann@acme.example", "Work")
    assert found["Note"] == "a, b; c\nd\\e"


def test_preferred_values_come_first(write):
    found = one(
        write, "FN:A", "EMAIL;TYPE=home:second@a.example", "EMAIL;TYPE=work,pref:first@a.example", "TEL;PREF=1:2", "TEL:1", version="4.0"
    )
    assert found["E-mail 1"] == "first@a.example"


def test_quoted_printable_with_soft_breaks_and_charsets(write):
    lines = [
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg",
        "NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=",
        "two=",
        " three",
    ]
    found = one(write, *lines, version="2.1")
    assert (found["Last name"], found["First name"], found["Full name"]) == ("Müller", "Jörg", "Jörg Müller")
    assert found["Note"] == "one\ntwo three"


def test_pictures_are_skipped_however_they_are_folded(write):
    found = one(write, "FN:A", "PHOTO;BASE64:", "  /9j/4AAQSkZJ", "AAAA/BBBB==", "", "TEL;CELL:123 456", version="2.1")
    assert (found["Phone 1"], found["Phone 1 type"]) == ("123 456", "mobile")
    assert "4AAQ" not in "".join(found.values())


def test_a_card_without_its_end_is_reported_and_the_next_is_read(write):
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Cut\n" + card("FN:Whole")
    found = cards(write(text, "x.vcf"))
    assert [(row.number, bool(row.problem)) for row, _card in found] == [(1, True), (2, False)]
    assert cards(write(card("FN:A") + "BEGIN:VCARD\nFN:B\n", "y.vcf"))[1][0].problem


def test_a_card_within_a_card_is_left_out(write):
    text = "BEGIN:VCARD\nVERSION:2.1\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Helper\nEND:VCARD\nTEL:12345\nEND:VCARD\n"
    found = cards(write(text, "x.vcf"))
    assert [each["Full name"] for _row, each in found] == ["Boss"]
    assert found[0][1]["Phone 1"] == "12345"


def test_a_nul_byte_in_a_card_is_reported(write):
    assert "NUL" in cards(write(card("FN:A\0B"), "x.vcf"))[0][0].problem


def test_cards_in_utf16_and_with_byte_order_mark(write):
    for encoding in ("utf-16", "utf-8-sig"):
        assert cards(write(card("FN:Łukasz").encode(encoding), "x.vcf"))[0][1]["Full name"] == "Łukasz"


def test_more_addresses_than_columns_are_kept(write):
    found = one(write, "FN:A", *[f"ADR;TYPE=work:;;Street {n};City {n};;;" for n in range(4)])
    assert found["Work street"] == "Street 0"
    assert found["Other street"] == "Street 1"
    assert found["More addresses"] == "Street 2, City 2 ::: Street 3, City 3"


def test_several_middle_names_are_words_of_one_name(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:3.0\nN:Doe;John;Quinlan,Paul;Dr.;Jr.,M.D.\nEND:VCARD\n")
    with open_table(path) as table:
        (row,) = table.rows()
    found = dict(zip(table.columns, row.cells, strict=True))
    assert (found["Middle name"], found["Suffix"]) == ("Quinlan Paul", "Jr., M.D.")
