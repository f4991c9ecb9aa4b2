"""The dry run says exactly what would be new, changed, the same and refused, and writes none of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crm.imports.models import ImportRow
from crm.records.actions import create_record
from crm.tenancy.models import Organization
from crm.users.models import Role, User
from customers.actions import add_point
from customers.choices import PointKind
from customers.models import Contact, Customer, Tag
from tests.factories.customers import make_contact, make_customer
from tests.imports.conftest import commit, counts, remarks

Check = Callable[..., Any]


def test_new_changed_same_and_refused_are_told_apart(alice: User, check: Check) -> None:
    make_customer(alice, "Same", external_id="1", billing_city="Oslo")
    make_customer(alice, "Other", external_id="2", billing_city="Oslo")
    run = check("Id,Name,City,Employees\n1,Same,Oslo,\n2,Other,Bergen,\n3,Fresh,Malmö,12\n4,,Odense,\n5,Wrong,Odense,many\n", by=alice)
    assert counts(run) == (1, 1, 1, 2)
    changed = ImportRow.objects.get(run=run, action="c")
    assert (changed.old, changed.values) == ({"billing_city": "Oslo"}, {"billing_city": "Bergen"})
    assert [(number, column) for number, column, _why in remarks(run)] == [(5, "Name"), (6, "Employees")]
    assert Customer.objects.count() == 2
    assert run.rows == 5


def test_the_import_writes_what_the_dry_run_said(alice: User, check: Check) -> None:
    old = make_customer(alice, "Other", external_id="2", billing_city="Oslo")
    run = commit(check("Id,Name,City,Employees\n2,Other,Bergen,\n3,Fresh,Malmö,12\n5,Wrong,Odense,many\n", by=alice), alice)
    assert counts(run) == (1, 1, 0, 1)
    old.refresh_from_db()
    assert (old.billing_city, old.version) == ("Bergen", 2)
    fresh = Customer.objects.visible_to(alice).get(external_id="3")
    assert (fresh.billing_city, fresh.size, fresh.owner, fresh.team, fresh.created_by) == ("Malmö", 12, alice, alice.team, alice)


def test_importing_again_changes_nothing(alice: User, check: Check) -> None:
    file = "Id,Name,Website,Annual revenue,Phone,Country\n1,A,a.example,1.204,030 901820,Germany\n"
    assert counts(commit(check(file, by=alice), alice)) == (1, 0, 0, 0)
    assert counts(check(file, by=alice)) == (0, 0, 1, 0)


def test_of_two_rows_with_one_key_the_second_is_refused(alice: User, check: Check) -> None:
    run = check("Name,Email,City\nA,office@a.example,Oslo\nB,OFFICE@a.example,Bergen\n", by=alice, match=["email"])
    assert counts(run) == (1, 0, 0, 1)
    assert remarks(run) == [(3, "Email", "Row 2 of the file has the same value already.")]


def test_a_refused_row_does_not_take_the_key_from_a_good_one(alice: User, check: Check) -> None:
    run = check("Id,Name,Employees\n7,A,many\n7,B,12\n", by=alice)
    assert counts(run) == (1, 0, 0, 1)
    assert ImportRow.objects.get(run=run, action="n").number == 3


def test_unique_values_are_watched_within_the_file_too(alice: User, check: Check) -> None:
    run = check("First name,Last name,Email\nA,B,same@x.example\nC,D,same@x.example\n", by=alice, kind="contact", match=[])
    assert counts(run) == (1, 0, 0, 1)


def test_a_record_out_of_sight_is_neither_shown_nor_changed(alice: User, dora: User, check: Check) -> None:
    hidden = make_customer(dora, "Dora's secret", external_id="9", billing_city="Oslo")
    run = check("Id,Name,City\n9,Guess,Bergen\n", by=alice)
    assert remarks(run) == [(2, "Id", "A record with this key exists outside of what you see. Ask Ada.")]
    row = ImportRow.objects.get(run=run)
    assert "secret" not in f"{row.values}{row.old}{row.remarks}{row.label}"
    commit(run, alice)
    hidden.refresh_from_db()
    assert hidden.billing_city == "Oslo"


def test_a_record_that_may_only_be_seen_is_not_changed(alice: User, sam: User, check: Check) -> None:
    make_customer(alice, "Seen", external_id="9")
    run = check("Id,Name\n9,Changed\n", by=sam)
    assert remarks(run) == [(2, "Id", "A record with this key exists that you may see but not change.")]


def test_only_new_and_only_existing(alice: User, check: Check) -> None:
    make_customer(alice, "Here", external_id="1")
    file = "Id,Name\n1,Here now\n2,New\n"
    assert counts(check(file, by=alice, mode="new")) == (1, 0, 0, 1)
    assert counts(check(file, by=alice, mode="update")) == (0, 1, 0, 1)


def test_a_key_that_two_records_share_is_not_guessed(alice: User, check: Check) -> None:
    make_customer(alice, "Twin")
    make_customer(alice, "Twin")
    run = check("Name,City\nTwin,Oslo\n", by=alice, match=["name"])
    assert "2 records have this key" in remarks(run)[0][2]


def test_empty_cells_keep_what_is_there_unless_asked_to_clear(alice: User, check: Check) -> None:
    make_customer(alice, "A", external_id="1", billing_city="Oslo")
    file = "Id,Name,City\n1,A,\n"
    assert counts(check(file, by=alice)) == (0, 0, 1, 0)
    assert counts(check(file, by=alice, clear_empty=True)) == (0, 1, 0, 0)


def test_fields_that_the_role_may_not_edit_are_not_offered(alice: User, check: Check) -> None:
    Role.objects.filter(pk=alice.role_id).update(levels={"customer": {"annual_revenue": "read", "external_id": "hidden"}})
    alice = User.objects.get(pk=alice.pk)
    run = check("Id,Name,Annual revenue\n1,A,500\n", by=alice)
    assert {column["header"]: column["target"] for column in run.mapping} == {"Id": "", "Name": "name", "Annual revenue": ""}
    assert run.match == ["name"]


def test_a_refusal_to_be_called_is_never_taken_back_by_itself(alice: User, check: Check) -> None:
    contact = make_contact(alice, email="elin@x.example", do_not_call=True)
    file = "Email,Do not call,Do not email\nelin@x.example,no,yes\n"
    run = check(file, by=alice, kind="contact")
    assert ImportRow.objects.get(run=run).values == {"do_not_email": True}
    assert "The refusal on record was kept." in remarks(run)[0][2]
    commit(check(file, by=alice, kind="contact", consent_off=True), alice)
    contact.refresh_from_db()
    assert not contact.do_not_call


def test_an_address_inside_exchange_is_left_out_with_a_remark(alice: User, check: Check) -> None:
    file = "First Name,Last Name,E-mail Address,E-mail Type\nOld,Colleague,/o=ExchangeLabs/ou=Group/cn=Recipients/cn=abc,EX\n"
    run = check(file, by=alice, kind="contact")
    assert counts(run) == (1, 0, 0, 0)
    assert remarks(run)[0][1:] == ("E-mail Address", "An address inside an Exchange server is no e-mail address, so it was left out.")


def test_owners_come_by_address_or_name_and_a_stranger_becomes_a_remark(alice: User, bob: User, dora: User, check: Check) -> None:
    run = check(f"Name,Owner\nA,{bob.email}\nB,Bob\nC,nobody@x.example\nD,{dora.email}\n", by=alice)
    assert counts(run) == (3, 0, 0, 1)
    found = {number: sentence for number, _column, sentence in remarks(run)}
    assert "nobody here called" in found[4]
    assert "Sales rep" in found[5], "alice may not make customers for dora"
    commit(run, alice)
    assert {c.name: c.owner for c in Customer.objects.all()} == {"A": bob, "B": bob, "C": alice}


def test_parents_in_the_same_file_are_found_whatever_the_order(alice: User, check: Check) -> None:
    run = commit(check("Name,Parent account\nLeaf,Branch\nBranch,Root\nRoot,\nLost,Nowhere\n", by=alice, match=[]), alice)
    assert counts(run) == (4, 0, 0, 0)
    named = {c.name: c.parent.name if c.parent else None for c in Customer.objects.all()}
    assert named == {"Leaf": "Branch", "Branch": "Root", "Root": None, "Lost": None}
    assert "Nowhere" in remarks(run)[0][2]
    assert not Customer.objects.exclude(version=1).exists()


def test_parents_that_go_round_in_a_circle_are_left_out(alice: User, check: Check) -> None:
    run = commit(check("Name,Parent account\nA,B\nB,A\n", by=alice, match=[]), alice)
    assert counts(run) == (2, 0, 0, 0)
    assert not Customer.objects.exclude(parent=None).exists()


def test_an_existing_customer_gets_a_new_one_as_parent(alice: User, check: Check) -> None:
    child = make_customer(alice, "Child", external_id="1")
    run = commit(check("Id,Name,Parent account\n1,Child,Holding\n2,Holding,\n", by=alice), alice)
    assert counts(run) == (1, 1, 0, 0)
    child.refresh_from_db()
    assert child.parent is not None
    assert child.parent.name == "Holding"


def test_contacts_bring_their_company_along(alice: User, check: Check) -> None:
    here = make_customer(alice, "Vattvik")
    run = commit(check("Last name,Company\nEk,Vattvik\nDahl,New Co\nBerg,new co\n", by=alice, kind="contact"), alice)
    assert (counts(run), run.counts["companions"]) == ((3, 0, 0, 0), 1)
    made = Customer.objects.visible_to(alice).get(name="New Co")
    assert {c.last_name: c.customer for c in Contact.objects.all()} == {"Ek": here, "Dahl": made, "Berg": made}


def test_without_companions_the_company_is_a_remark(alice: User, check: Check) -> None:
    run = check("Last name,Company\nDahl,New Co\n", by=alice, kind="contact", create_companions=False)
    assert remarks(run) == [(2, "Company", "No customer “New Co” was found.")]


def test_further_addresses_become_points_and_are_not_doubled(alice: User, check: Check) -> None:
    file = "Last name,Email,Email 2,Mobile\nEk,Ek@x.example,second@x.example,+46701234567\n"
    commit(check(file, by=alice, kind="contact"), alice)
    contact = Contact.objects.get()
    assert (contact.email, contact.phone) == ("Ek@x.example", "+46701234567")
    assert [(p.kind, p.value) for p in contact.points.all()] == [("email", "second@x.example")]
    assert counts(check(file, by=alice, kind="contact")) == (0, 0, 1, 0)
    more = file.replace("second@", "third@")
    assert counts(commit(check(more, by=alice, kind="contact"), alice)) == (0, 1, 0, 0)
    assert contact.points.count() == 2


def test_tags_are_added_and_unknown_ones_left_out(alice: User, check: Check) -> None:
    key, other = (Tag.objects.create(name=name) for name in ("key account", "other"))
    customer = make_customer(alice, "A", external_id="1", tags=[other])
    run = commit(check('Id,Name,Tags\n1,A,"Key Account; nonsense"\n2,B,other\n', by=alice), alice)
    assert set(customer.tags.all()) == {key, other}
    assert set(Customer.objects.get(external_id="2").tags.all()) == {other}
    assert "nonsense" in remarks(run)[0][2]


def test_the_administrator_may_bring_new_tags(ada: User, check: Check) -> None:
    commit(check("Id,Name,Tags\n1,A,fresh\n2,B,Fresh\n", by=ada, create_tags=True), ada)
    assert [tag.name for tag in Tag.objects.all()] == ["fresh"]
    assert all(list(c.tags.all()) for c in Customer.objects.all())


def test_the_time_of_creation_is_kept_of_new_ones_only(alice: User, check: Check) -> None:
    here = make_customer(alice, "Here", external_id="1")
    commit(check("Id,Name,Create date\n1,Here,2019-03-04\n2,New,2019-03-04\n", by=alice), alice)
    assert Customer.objects.get(external_id="2").created_at.date() == date(2019, 3, 4)
    before = here.created_at
    here.refresh_from_db()
    assert here.created_at == before


def test_values_are_read_as_the_column_writes_them(alice: User, check: Check) -> None:
    file = "Name;Umsatz;Land;Telefon\nA;1.204,50 €;Österreich;0664 1234567\nB;99,90;Schweiz;044 668 18 00\n"
    commit(check(file, by=alice), alice)
    found = {c.name: (str(c.annual_revenue), c.currency, c.billing_country, c.phone) for c in Customer.objects.all()}
    assert found == {"A": ("1204.5000", "EUR", "AT", "+436641234567"), "B": ("99.9000", "", "CH", "+41446681800")}


def test_a_slip_in_a_picklist_is_mended_with_a_remark_and_nonsense_left_out(alice: User, check: Check) -> None:
    run = commit(check("Name,Industry\nA,technolgy\nB,Software\nC,Moonshine\n", by=alice), alice)
    assert {c.name: c.industry for c in Customer.objects.all()} == {"A": "technology", "B": "software", "C": ""}
    assert [(number, column) for number, column, _why in remarks(run)] == [(2, "Industry"), (4, "Industry")]


def test_wrong_values_may_be_left_out_instead(alice: User, check: Check) -> None:
    run = commit(check("Name,Email,City\nA,no address,Oslo\n", by=alice, leave_out=True), alice)
    assert counts(run) == (1, 0, 0, 0)
    assert (Customer.objects.get().email, Customer.objects.get().billing_city) == ("", "Oslo")


def test_addresses_without_a_country_get_that_of_the_file(alice: User, check: Check) -> None:
    run = commit(check("Name,State,Zip,City\nA,TX,78701,Austin\nB,NC,27215,Burlington\n", by=alice), alice)
    assert counts(run) == (2, 0, 0, 0)
    assert set(Customer.objects.values_list("billing_country", flat=True)) == {"US"}


def test_the_refused_rows_come_back_as_a_file_to_mend_and_bring_again(alice: User, check: Check) -> None:
    run = check('Name,Email,"Odd, header"\nA,wrong,"x ""y"""\nB,right@x.example,z\n', by=alice)
    text = run.refused_path.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == 'Name,Email,"Odd, header",Reason'
    assert text.splitlines()[1].startswith('A,wrong,"x ""y""",Email: ')
    mended = check(text.replace("wrong", "mended@x.example"), by=alice)
    assert counts(mended) == (1, 0, 0, 0)


def test_nobody_of_another_organization_gets_in(alice: User, charlie: User, check: Check) -> None:
    run = check("Name,Owner\nA,charlie@other.example\n", by=alice)
    assert "nobody here called" in remarks(run)[0][2]


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_the_size_of_batches_changes_nothing(alice: User, check: Check, settings: Any, batch: int) -> None:
    settings.IMPORT_BATCH = batch
    file = "Name,Parent account,Email\n" + "".join(f"C{n},{f'C{n - 1}' if n else ''},mail{n % 5}@x.example\n" for n in range(7))
    run = commit(check(file, by=alice, match=["email"]), alice)
    assert counts(run) == (5, 0, 0, 2)
    assert Customer.objects.exclude(parent=None).count() == 4


def test_a_role_that_may_only_read_cannot_begin(cast: dict[str, User], check: Check) -> None:
    from crm.access.decisions import NotPermitted

    with pytest.raises(NotPermitted):
        check("Name\nA\n", by=cast["rita"])


def test_the_search_finds_what_was_imported(alice: User, check: Check) -> None:
    from crm.search.models import SearchDocument

    commit(check("Name,City\nÆrøskøbing Værft,Marstal\n", by=alice), alice)
    assert SearchDocument.objects.get().body == " aeroskobing vaerft marstal"


def test_what_create_record_refuses_is_refused(alice: User, check: Check) -> None:
    create_record(Customer, by=alice, name="First", external_id="taken")
    run = check("Name,Id,Street,Zip,Country\nA,taken,,,\nB,,Road 1,,DE\nC,,,ABC,DE\n", by=alice, match=["name"])
    assert counts(run) == (0, 0, 0, 3)


def test_a_further_address_of_somebody_else_is_taken_too(alice: User, check: Check) -> None:
    holder = make_contact(alice, "Elin", "Ek", email="elin@x.example")
    add_point(holder, PointKind.EMAIL, "private@x.example", by=alice)
    run = check("Last name,Email\nDahl,PRIVATE@x.example\n", by=alice, kind="contact", match=[])
    assert counts(run) == (0, 0, 0, 1)
    assert "There is a contact with this e-mail address already" in remarks(run)[0][2]


def test_a_further_address_that_is_taken_is_left_out_and_the_row_stays(alice: User, check: Check) -> None:
    holder = make_contact(alice, "Elin", "Ek", email="elin@x.example")
    add_point(holder, PointKind.EMAIL, "private@x.example", by=alice)
    file = (
        "Last name,Email,Email 2\nDahl,dahl@x.example,elin@x.example\nBerg,berg@x.example,Private@x.example\n"
        "Lund,lund@x.example,shared@x.example\nMoe,moe@x.example,shared@x.example\n"
    )
    run = commit(check(file, by=alice, kind="contact", match=[]), alice)
    assert counts(run) == (4, 0, 0, 0)
    assert {contact.last_name: [p.value for p in contact.points.all()] for contact in Contact.objects.all()} == {
        "Ek": ["private@x.example"],
        "Dahl": [],
        "Berg": [],
        "Lund": ["shared@x.example"],
        "Moe": [],
    }
    assert {number: sentence for number, _column, sentence in remarks(run)}[5] == (
        "“shared@x.example” was left out. Row 4 of the file has the same value already."
    )


def test_a_primary_address_that_an_earlier_row_has_as_a_further_one_is_refused(alice: User, check: Check) -> None:
    file = "Last name,Email,Email 2\nDahl,dahl@x.example,berg@x.example\nBerg,berg@x.example,\n"
    run = check(file, by=alice, kind="contact", match=[])
    assert counts(run) == (2, 0, 0, 0), "within a batch the primary address goes first"
    assert "was left out" in remarks(run)[0][2]


@pytest.mark.parametrize("size", [1, 500])
def test_importing_again_keeps_the_further_addresses(alice: User, check: Check, settings: Any, size: int) -> None:
    settings.IMPORT_BATCH = size
    file = "Last name,Email,Email 2\nDahl,dahl@x.example,more@x.example\nBerg,berg@x.example,\n"
    commit(check(file, by=alice, kind="contact"), alice)
    assert counts(check(file, by=alice, kind="contact")) == (0, 0, 2, 0)


def test_addresses_may_repeat_where_the_organization_does_not_mind(alice: User, check: Check) -> None:
    Organization.objects.filter(pk=alice.organization_id).update(unique_contact_emails=False)
    alice = User.objects.get(pk=alice.pk)
    add_point(make_contact(alice, "Elin", "Ek"), PointKind.EMAIL, "private@x.example", by=alice)
    file = "Last name,Email,Email 2\nDahl,private@x.example,\nBerg,berg@x.example,private@x.example\n"
    run = commit(check(file, by=alice, kind="contact", match=[]), alice)
    assert (counts(run), remarks(run)) == ((2, 0, 0, 0), [])


def test_an_address_that_somebody_took_since_the_dry_run_is_not_given_twice(alice: User, check: Check) -> None:
    run = check("Last name,Email,Email 2\nDahl,dahl@x.example,more@x.example\nBerg,berg@x.example,\n", by=alice, kind="contact")
    holder = make_contact(alice, "Elin", "Ek", email="more@x.example")
    add_point(holder, PointKind.EMAIL, "berg@x.example", by=alice)
    run = commit(run, alice)
    assert counts(run) == (1, 0, 0, 1)
    assert not Contact.objects.get(last_name="Dahl").points.exists()


@pytest.mark.parametrize(
    ("setting", "file", "column", "word"),
    [
        ("unique_customer_domains", "Name,Website\nNew,https://www.taken.example\nA,a.example\nB,www.a.example\n", "Website", "domain"),
        (
            "unique_tax_numbers",
            "Name,Tax number,Country\nNew,DE 136695976,DE\nA,DE129273398,DE\nB,de 129 273 398,DE\n",
            "Tax number",
            "tax number",
        ),
    ],
)
def test_domains_and_tax_numbers_are_unique_through_the_import_where_it_is_wanted(
    alice: User, check: Check, setting: str, file: str, column: str, word: str
) -> None:
    Organization.objects.filter(pk=alice.organization_id).update(**{setting: True})
    alice = User.objects.get(pk=alice.pk)
    create_record(Customer, by=alice, name="Here", website="https://taken.example", tax_number="DE136695976", billing_country="DE")
    run = commit(check(file, by=alice, match=[]), alice)
    assert counts(run) == (1, 0, 0, 2)
    first, second = remarks(run)
    assert (first[0], first[1]) == (2, column)
    assert f"There is a customer with this {word} already" in first[2]
    assert second == (4, column, "Row 3 of the file has the same value already.")
    assert {c.name for c in Customer.objects.all()} == {"Here", "A"}
