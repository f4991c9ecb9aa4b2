"""What decides where headers are unclear: values, other columns, custom fields."""

from crm.imports.recognition import (
    Target,
    guess_record_type,
    label_of,
    recognise,
    split_emails,
    split_full_name,
    split_phones,
    split_several,
    split_tags,
)

from .targets import TARGETS, mapped


def test_values_decide_where_the_header_is_unknown():
    rows = [["ann@acme.example", "+49 228 1234567", "https://acme.example", "Deutschland", "x"]] * 3
    found = mapped("contact", ["Feld A", "Feld B", "Feld C", "Feld D", "Feld E"], rows)
    assert found == {"Feld A": "email", "Feld B": "phone", "Feld C": "website", "Feld D": "country", "Feld E": None}


def test_values_contradict_a_header():
    good, bad = (recognise(["Email"], [[value]] * 3, TARGETS["contact"])[0] for value in ("ann@acme.example", "yes"))
    assert good.confidence > 0.9
    assert bad.confidence < 0.6


def test_columns_about_something_else_are_never_taken_for_what_their_values_look_like():
    assert mapped("contact", ["AnnualRevenue"], [["900750000"]] * 3) == {"AnnualRevenue": None}


def test_title_is_a_salutation_or_a_job_as_its_values_say():
    assert mapped("contact", ["Title", "Last Name"], [["Dr.", "Lee"], ["Mr.", "Ray"]])["Title"] == "salutation"
    assert mapped("contact", ["Title", "Last Name"], [["CEO", "Lee"], ["SVP, Sales", "Ray"]])["Title"] == "job_title"


def test_name_beside_vorname_is_the_last_name():
    assert mapped("contact", ["Name", "Vorname", "Firma"]) == {"Name": "last_name", "Vorname": "first_name", "Firma": "customer"}


def test_nombre_with_whole_names_is_the_full_name():
    assert (
        mapped("contact", ["Nombre", "Correo"], [["Ana García", "ana@acme.example"], ["Luis Pérez", "l@acme.example"]])["Nombre"]
        == "full_name"
    )


def test_without_a_field_for_it_a_full_name_is_split():
    targets = [target for target in TARGETS["contact"] if target.key != "full_name"]
    guess = recognise(["Full Name"], [["Ann Lee"]], targets)[0]
    assert (guess.target.key, guess.part) == ("last_name", "full_name")


def test_the_home_address_counts_where_there_is_no_other():
    assert mapped("contact", ["First Name", "Home Street", "Home City", "Other City"])["Home City"] == "city"
    rows = [["Ann", "", "", "Main St 1", "Bonn"]]
    found = mapped("contact", ["First Name", "Business Street", "Business City", "Home Street", "Home City"], rows)
    assert (found["Business City"], found["Home Street"], found["Home City"]) == (None, "street", "city")


def test_phones_are_counted_with_the_business_phone_first():
    guesses = recognise(["Assistant's Phone", "Business Fax", "Mobile Phone", "Business Phone"], [], TARGETS["contact"])
    assert [guess.number for guess in guesses] == [3, 4, 2, 1]


def test_kind_columns_know_their_value():
    columns = ["E-mail 1 - Type", "E-mail 1 - Value", "E-mail 2 - Type", "E-mail 2 - Value"]
    assert [(guess.number, guess.part) for guess in recognise(columns, [], TARGETS["contact"])] == [
        (1, "kind"),
        (1, "value"),
        (2, "kind"),
        (2, "value"),
    ]
    smtp = recognise(["E-mail Address", "E-mail Type"], [["a@b.example", "SMTP"]], TARGETS["contact"])
    assert smtp[1].target is None


def test_owner_by_email_wins_where_it_is_filled():
    columns = ["Owner", "Owner Email", "Name"]
    assert mapped("customer", columns, [["Ann", "ann@acme.example", "Acme"]]) == {
        "Owner": None,
        "Owner Email": "owner@email",
        "Name": "name",
    }
    assert mapped("customer", columns, [["Ann", "", "Acme"]])["Owner"] == "owner"


def test_custom_fields_are_found_by_label_and_by_their_synonyms():
    custom = Target("customer", "custom.warranty_until", "Warranty until", "date", synonyms=("Garantie bis",))
    found = recognise(["Warranty Until", "Garantie bis"], [["2026-01-01", "2026-01-01"]], [*TARGETS["customer"], custom])
    assert found[0].target == custom
    assert recognise(["Garantie bis"], [["2026-01-01"]], [*TARGETS["customer"], custom])[0].target == custom


def test_fields_under_another_key_are_found():
    targets = [Target("customers", "employees", "Staff", "number"), Target("contacts", "mailing_city", "City")]
    assert recognise(["Number of Employees"], [["5"]], targets)[0].target == targets[0]
    assert recognise(["Business City"], [["Bonn"]], targets[1:])[0].target == targets[1]


def test_slips_of_the_pen_and_words_too_many():
    found = mapped("customer", ["Comapny Name", "Main Phone Number", "Company Industry"])
    assert found == {"Comapny Name": "name", "Main Phone Number": "phone", "Company Industry": "industry"}


def test_a_vcard_is_always_about_contacts_and_a_file_name_helps():
    assert guess_record_type([], kind="vcard")[0].record_type == "contact"
    assert guess_record_type(["Name", "Email", "Phone"], file_name="companies.csv")[0].record_type == "customer"
    assert guess_record_type(["Name", "Email", "Phone"], file_name="kontakte.csv")[0].record_type == "contact"


def test_several_values_in_one_cell():
    assert split_several("a@x.example ::: b@x.example") == ["a@x.example", "b@x.example"]
    assert split_tags("* myContacts ::: * Customers ::: VIP, 'Berlin'") == ["Customers", "VIP", "Berlin"]
    assert split_emails("Ann Lee <ann@x.example>; bob@x.example, ANN@x.example") == ["ann@x.example", "bob@x.example"]
    assert split_phones("+49 228 1 ::: 030/123 45 / 0171 5") == ["+49 228 1", "030/123 45", "0171 5"]


def test_labels():
    assert [label_of(text) for text in ("* Work", "HOME", "Mobile", "work fax", "Handy", "Custom", "")] == [
        "work",
        "home",
        "mobile",
        "fax",
        "mobile",
        "other",
        "",
    ]


def test_full_names():
    assert split_full_name("Dr. Maria von der Heide") == ("Dr.", "Maria", "von der Heide")
    assert split_full_name("Heide, Maria") == ("", "Maria", "Heide")
    assert split_full_name("John Doe Jr.") == ("", "John", "Doe Jr.")
    assert split_full_name("Yvonne McKay (sample)") == ("", "Yvonne", "McKay (sample)")
    assert split_full_name("Ludwig van Beethoven") == ("", "Ludwig", "van Beethoven")
    assert split_full_name("Cher") == ("", "", "Cher")
    assert split_full_name("Mr. John Richter James Doe") == ("Mr.", "John Richter James", "Doe")
