"""A list as CSV: its rows, columns, order and words, for whoever may export them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crm.records.actions import delete_record
from crm.users.models import Role, User
from customers.models import Tag
from tests.factories.customers import make_contact, make_customer

Table = Callable[..., list[list[str]]]


def withhold(level: str, kind: str, field: str, key: str = "sales-rep") -> None:
    role = Role.objects.get(key=key)
    role.levels = {kind: {field: level}}
    role.save()


def column(rows: list[list[str]], header: str) -> list[str]:
    place = rows[0].index(header)
    return [row[place] for row in rows[1:]]


def test_alice_gets_the_columns_of_her_list_in_their_order(alice: User, table: Table) -> None:
    make_customer(alice, lifecycle="customer", annual_revenue="1234.50", currency="SEK", billing_country="SE", billing_city="Umeå")
    rows = table(alice, "customer", "?cols=name,billing_country,lifecycle,annual_revenue")
    assert rows == [
        ["Name", "Billing country", "Lifecycle", "Annual revenue", "Currency"],
        ["Vattvik Energi AB", "Sweden", "Customer", "1234.5", "SEK"],
    ]


def test_the_filter_the_search_and_the_order_of_the_list_hold(alice: User, table: Table) -> None:
    for name, city in (("Nordlys", "Bergen"), ("Aurora", "Bergen"), ("Halden Fisk", "Oslo")):
        make_customer(alice, name, billing_city=city)
    assert column(table(alice, "customer", "?f=billing_city:is:Bergen&sort=name"), "Name") == ["Aurora", "Nordlys"]
    assert column(table(alice, "customer", "?f=billing_city:is:Bergen&sort=-name"), "Name") == ["Nordlys", "Aurora"]
    assert column(table(alice, "customer", "?q=Halden"), "Name") == ["Halden Fisk"]


def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe_and_numbers_stay_numbers(alice: User, table: Table) -> None:
    for name in ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "＝wide", "plain = text"):
        make_customer(alice, name, annual_revenue="0", size=12, phone="+4930123456")
    rows = table(alice, "customer", "?cols=name,size,phone,annual_revenue&sort=created_at")
    assert column(rows, "Name") == ["'=1+1", "'+SUM(A1)", "'-2+3", "'@cmd", "'＝wide", "plain = text"]
    assert set(column(rows, "Employees")) == {"12"}
    assert set(column(rows, "Phone")) == {"'+4930123456"}


def test_a_tab_or_a_line_break_before_a_formula_is_neutralised_too(alice: User, table: Table) -> None:
    for text in ("\t=1+1", "\r=1+1", "\n=1+1"):
        customer = make_customer(alice)
        type(customer).objects.filter(pk=customer.pk).update(description=text)
    rows = table(alice, "customer", "?cols=name,description")
    assert all(cell.startswith("'") for cell in column(rows, "Description"))


@pytest.mark.parametrize("text", ["a,b", 'say "x"', "two\nlines", "semi;colon", "emoji 🚀 é ß", "\\.", "\\N", "NULL", "tab\tbed"])
def test_whatever_a_text_holds_comes_back_as_it_was(text: str, alice: User, table: Table) -> None:
    make_customer(alice, description=text)
    for delimiter in (",", ";", "\t"):
        assert column(table(alice, "customer", "?cols=name,description", delimiter=delimiter), "Description") == [text]


def test_excel_gets_a_byte_order_mark_when_asked_and_nobody_else(alice: User, exported: Callable[..., bytes]) -> None:
    make_customer(alice, "Ångström")
    assert exported(alice, mark="on").startswith(b"\xef\xbb\xbfName")
    assert exported(alice).startswith(b"Name")


def test_an_empty_list_is_a_header(alice: User, table: Table) -> None:
    assert len(table(alice, "customer", "?f=name:is:nobody")) == 1


def test_empty_values_are_empty_cells(alice: User, exported: Callable[..., bytes]) -> None:
    make_customer(alice, "Nordlys")
    assert exported(alice, "customer", "?cols=name,phone,annual_revenue,parent,tags,billing_country") == (
        b"Name,Phone,Annual revenue,Currency,Parent,Tags,Billing country\nNordlys,,,EUR,,,\n"
    )


def test_days_and_times_are_written_as_the_organization_writes_them(alice: User, table: Table) -> None:
    from crm.activities.actions.write import create_task, plan_meeting

    alice.organization.date_format, alice.organization.time_zone = "d.m.Y", "Europe/Oslo"  # type: ignore[union-attr]
    alice.organization.save()  # type: ignore[union-attr]
    customer = make_customer(alice)
    make_contact(alice, birthday="1990-02-28")
    create_task([customer], by=alice, subject="Quote", due_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    plan_meeting([customer], by=alice, subject="Fair", at=datetime(2026, 12, 1, tzinfo=UTC), all_day=True)
    assert column(table(alice, "contact", "?cols=name,birthday"), "Birthday") == ["28.02.1990"]
    assert column(table(alice, "task", "?cols=subject,due_at"), "Due") == ["23.11.2026 00:30"]
    assert column(table(alice, "meeting", "?cols=subject,at"), table(alice, "meeting", "?cols=subject,at")[0][1]) == ["01.12.2026"]


def test_people_teams_tags_and_records_are_written_by_name(alice: User, table: Table) -> None:
    parent = make_customer(alice, "Mother AB")
    tags = [Tag.objects.create(organization=alice.organization, name=name) for name in ("warm", "fair")]
    make_customer(alice, "Daughter AB", parent=parent, tags=tags)
    rows = table(alice, "customer", "?cols=name,parent,owner,team,tags&f=name:is:Daughter AB")
    assert rows[1] == ["Daughter AB", "Mother AB", "Alice", "North", "fair, warm"]


def test_a_record_out_of_sight_is_not_named(alice: User, dora: User, ada: User, table: Table) -> None:
    hidden = make_customer(dora, "Secret AB")
    make_customer(ada, "Daughter AB", owner=alice, parent=hidden)
    contact = make_contact(ada, owner=alice, customer=hidden)
    assert contact.customer_id == hidden.pk
    assert column(table(alice, "customer", "?cols=name,parent"), "Parent") == ["Not visible to you"]
    assert column(table(alice, "customer", "?cols=name,parent", values="exact"), "parent") == [""]
    rows = table(alice, "contact", "?cols=name,customer,customer.name")
    assert rows[1][1:] == ["Not visible to you", "Not visible to you"]


def test_bob_exports_his_own_and_not_what_he_only_sees(
    alice: User, bob: User, mona: User, sam: User, table: Table, bob_client: Any
) -> None:
    make_customer(alice, "Of Alice")
    make_customer(bob, "Of Bob")
    assert column(table(bob), "Name") == ["Of Bob"]
    assert sorted(column(table(mona), "Name")) == ["Of Alice", "Of Bob"]
    page = bob_client.get("/exports/new/customer/").content.decode()
    assert "your role exports only these" in page


def test_who_may_not_export_gets_no_link_and_is_told_why(sam: User, alice: User, client_of: Any) -> None:
    assert client_of(sam).get("/exports/new/customer/").status_code == 403
    assert client_of(sam).post("/exports/new/customer/", {"format": "csv"}).status_code == 403
    assert "/exports/new/customer/" not in client_of(sam).get("/customers/").content.decode()
    assert "/exports/new/customer/?f=name:is:x" in client_of(alice).get("/customers/?f=name:is:x").content.decode()


def test_a_hidden_field_is_absent_and_a_masked_one_says_nothing(alice: User, table: Table) -> None:
    make_customer(alice, legal_name="Quixotic")
    withhold("hidden", "customer", "legal_name")
    alice = User.objects.get(pk=alice.pk)
    for form in ({}, {"columns": "every"}, {"values": "exact", "columns": "every"}):
        rows = table(alice, "customer", "?cols=name,legal_name", **form)
        assert "Quixotic" not in str(rows)
        assert not {"Legal name", "legal_name"} & set(rows[0])
    withhold("masked", "customer", "legal_name")
    rows = table(alice, "customer", "?cols=name,legal_name")
    assert column(rows, "Legal name (masked by role)") == [""]
    assert "legal_name" not in table(alice, "customer", "?cols=name,legal_name", values="exact")[0]


def test_a_masked_field_beyond_a_reference_says_nothing(alice: User, table: Table) -> None:
    make_contact(alice, customer=make_customer(alice, "Quixotic AB"))
    withhold("masked", "customer", "name")
    rows = table(User.objects.get(pk=alice.pk), "contact", "?cols=name,customer.name")
    assert rows[1][1] == ""


def test_a_filter_by_a_withheld_field_is_not_dropped_silently(alice: User, client_of: Any) -> None:
    make_customer(alice, legal_name="Quixotic")
    withhold("masked", "customer", "legal_name")
    response = client_of(alice).post(
        "/exports/new/customer/?f=legal_name:is:Quixotic", {"format": "csv", "columns": "list", "values": "plain", "delimiter": ","}
    )
    assert response.status_code == 422
    assert "Go on without it" in response.content.decode()


def test_deleted_records_are_in_no_file(alice: User, table: Table) -> None:
    delete_record(make_customer(alice, "Gone AB"), by=alice)
    assert len(table(alice)) == 1


def test_every_list_can_be_exported_with_all_its_fields(ada: User, alice: User, table: Table) -> None:
    from tests.access.makers import MAKERS

    for kind, make in MAKERS.items():
        make(alice, "Zanzibar")
        for values in ("plain", "exact"):
            rows = table(ada, kind, "", columns="every", values=values)
            assert any("Zanzibar" in str(row[:2]) for row in rows[1:]), kind
            assert {len(row) for row in rows} == {len(rows[0])}


def test_exact_values_are_the_stored_ones(alice: User, table: Table) -> None:
    customer = make_customer(
        alice, "=1+1", lifecycle="customer", billing_country="SE", billing_city="Umeå", phone="+4930123456", size=1200,
        shipping_same_as_billing=True,
    )  # fmt: skip
    header, row = table(alice, "customer", "?cols=name,lifecycle,billing_country,phone,size,owner,shipping_same_as_billing", values="exact")
    assert header == ["tern_id", "name", "lifecycle", "billing_country", "phone", "size", "owner", "shipping_same_as_billing"]
    assert row[0].endswith(f"-{customer.pk}")
    assert row[1:] == ["=1+1", "customer", "SE", "+4930123456", "1200", "alice@halden.example", "true"]


def test_nonsense_in_the_form_gets_a_sentence_and_no_file(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    for wrong in (
        {},
        {"format": "pdf", "columns": "list", "values": "plain", "delimiter": ","},
        {"format": "csv", "columns": "list", "values": "plain", "delimiter": "x"},
    ):
        assert client.post("/exports/new/customer/", wrong).status_code == 422
    assert client.get("/exports/new/nothing/").status_code == 404
