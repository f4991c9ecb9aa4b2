"""The list page: what stands in it, that its address is its state, and that nothing wrong in an address is an error."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.query.actions import create_view
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer

HOUSEKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")


def names(response: Any) -> list[str]:
    """The names in the rows, in their order."""
    return re.findall(r'<th scope="row".*?<span>([^<]*?) (?:<small|</span>)', response.content.decode())


def statements(client: Client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith(HOUSEKEEPING)]


def test_the_newest_change_comes_first(alice: User, alice_client: Client) -> None:
    for name in ("One", "Two", "Three"):
        make_customer(alice, name)
    assert names(alice_client.get("/customers/")) == ["Three", "Two", "One"]


def test_dora_of_the_team_beside_sees_none_of_them(alice: User, dora: User, client_of: Any) -> None:
    make_customer(alice, "Secret Ltd")
    page = client_of(dora).get("/customers/")
    assert "Secret" not in page.content.decode()
    assert "No customers yet" in page.content.decode()


def test_charlie_sees_nothing_of_another_organization(alice: User, charlie_client: Client) -> None:
    make_customer(alice, "Secret Ltd")
    for query in ("", "?q=secret", "?f=name:contains:secret", "?sort=name"):
        assert "Secret Ltd" not in charlie_client.get(f"/customers/{query}").content.decode()


def test_somebody_who_is_not_signed_in_is_sent_to_the_entrance(client: Client, in_tenant: Any) -> None:
    assert client.get("/customers/").status_code == 302


def test_without_the_right_to_view_the_page_says_which_rule_denies(alice: User, alice_client: Client) -> None:
    assert alice.role is not None
    alice.role.reaches = {**alice.role.reaches, "customer": {}}
    alice.role.save()
    page = alice_client.get("/customers/")
    assert page.status_code == 403
    assert "does not include" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?f=lifecycle:is:lead", ["Lead Co"]),
        ("?f=lifecycle:any_of:lead,customer&sort=name", ["Big Co", "Lead Co"]),
        ("?f=lifecycle:is:lead&f=annual_revenue:above:1", []),
        ("?match=any&f=lifecycle:is:lead&f=annual_revenue:above:1&sort=name", ["Big Co", "Lead Co"]),
        ("?sort=name", ["Big Co", "Lead Co", "small co"]),
        ("?sort=-name", ["small co", "Lead Co", "Big Co"]),
        ("?sort=-annual_revenue", ["Big Co", "small co", "Lead Co"]),
        ("?sort=annual_revenue", ["small co", "Big Co", "Lead Co"]),
        ("?sort=billing_city", ["Lead Co", "Big Co", "small co"]),
        ("?q=big", ["Big Co"]),
        ("?q=s", ["small co"]),
        ('?g={"not":{"any":[{"field":"lifecycle","op":"is","value":"lead"}]}}&sort=name', ["Big Co", "small co"]),
    ],
)
def test_filter_order_and_search(alice: User, alice_client: Client, query: str, expected: list[str]) -> None:
    make_customer(alice, "small co", annual_revenue=Decimal(1), billing_city="Ystad", website="https://s.example")
    make_customer(alice, "Big Co", annual_revenue=Decimal(9000000), lifecycle="customer", billing_city="Umeå", website="https://b.example")
    make_customer(alice, "Lead Co", lifecycle="lead", website="https://l.example")
    assert names(alice_client.get(f"/customers/{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        "?f=shoe_size:is:44", "?f=name", "?f=:::", "?f=lifecycle:is:king", "?g={", "?g=[]", "?sort=tags", "?sort=--name",
        "?sort=password", "?cols=secret,name",
        "?view=99999", "?view=x", "?after=zzz", "?add=shoe_size&edit=5", "?field=name&op=like&v=x", "?field=name&op=is",
        "?size=7&n=-3", "?f=owner__password:contains:a", "?f=" + "x" * 3000,
        "?edit=²", "?match=none", "?f=owner:is:²", "?size=²", "?after=W251bGwsMV0",
    ],
)  # fmt: skip
def test_a_wrong_address_is_a_notice_and_never_an_error(alice: User, alice_client: Client, query: str) -> None:
    make_customer(alice, "Vattvik")
    page = alice_client.get(f"/customers/{query}")
    assert page.status_code == 200
    if query not in {"?size=7&n=-3", "?edit=²", "?match=none", "?size=²", "?add=shoe_size&edit=5"}:
        assert 'class="list-notices"' in page.content.decode()


def test_a_removed_filter_is_named(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Vattvik")
    page = alice_client.get("/customers/?f=shoe_size:is:44&f=lifecycle:is:prospect").content.decode()
    assert "This filter is not understood" in page
    assert "shoe_size:is:44" in page
    assert "Prospect" in page


@pytest.mark.parametrize("level", ["hidden", "masked"])
def test_a_withheld_field_is_not_shown_filtered_or_sorted_by(alice: User, alice_client: Client, level: str) -> None:
    make_customer(alice, "Rich", annual_revenue=Decimal(987654))
    make_customer(alice, "Poor", annual_revenue=Decimal(1))
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": level}}
    alice.role.save()
    for query in (
        "",
        "?f=annual_revenue:above:100",
        "?sort=-annual_revenue",
        "?cols=name,annual_revenue",
        "?sort=annual_revenue",
        "?edit=0",
        "?add=annual_revenue",
    ):
        page = alice_client.get(f"/customers/{query}")
        assert sorted(names(page)) == ["Poor", "Rich"]
        assert names(page) == ["Poor", "Rich"]
        assert "987,654" not in page.content.decode()
    assert ("••••" in alice_client.get("/customers/?cols=annual_revenue").content.decode()) == (level == "masked")
    assert (
        'value="annual_revenue"' not in alice_client.get("/customers/?add=").content.decode().split('name="add"')[1].split("</select>")[0]
    )


def test_bob_does_not_read_the_name_of_a_customer_he_does_not_see(alice: User, bob: User, dora: User, bob_client: Client) -> None:
    secret = make_customer(dora, "Secret Brewing")
    contact = make_contact(alice, "Elin", "Ek")
    type(contact).objects.filter(pk=contact.pk).update(customer=secret)
    page = bob_client.get("/contacts/").content.decode()
    assert "Secret" not in page
    assert f"/customers/{secret.pk}/" not in page
    assert "Not visible to you" in page


def test_pages_go_forwards_and_back_over_all_rows(alice: User, alice_client: Client) -> None:
    for number in range(60):
        make_customer(alice, f"Customer {number:02}")
    seen: list[str] = []
    address: str | None = "/customers/?size=25&sort=name"
    pages = []
    while address:
        page = alice_client.get(address).content.decode()
        pages.append((address, page))
        seen += names(alice_client.get(address))
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/customers/" + found[1].replace("&amp;", "&") if found else None
    assert seen == [f"Customer {number:02}" for number in range(60)]
    assert "51–60 of 60" in pages[-1][1]
    back = re.search(r'href="([^"]+)" rel="prev"', pages[-1][1])
    assert back
    previous = alice_client.get("/customers/" + back[1].replace("&amp;", "&"))
    assert names(previous) == [f"Customer {number:02}" for number in range(25, 50)]
    assert "26–50 of 60" in previous.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/customers/",
        "/customers/?sort=name",
        "/customers/?f=lifecycle:is:prospect&cols=name,parent,tags,owner,team,created_by",
        "/customers/?q=customer",
        "/contacts/",
    ],
)
@pytest.mark.parametrize("person", ["alice", "mona", "ada"])
def test_statements_do_not_grow_with_the_rows(cast: dict[str, User], client_of: Any, address: str, person: str) -> None:
    alice, client = cast["alice"], client_of(cast[person])
    parents = [make_customer(alice, f"Customer parent {number}") for number in range(2)]
    make_contact(alice, customer=make_customer(alice, "Customer 0", parent=parents[0]))
    with_one = statements(client, address)
    for number in range(20):
        make_contact(alice, "Elin", f"Ek {number}", customer=make_customer(alice, f"Customer {number + 1}", parent=parents[number % 2]))
    assert len(statements(client, address)) == len(with_one)
    assert len(with_one) <= 14


def test_the_default_page_needs_at_most_twelve_statements(alice: User, alice_client: Client) -> None:
    make_contact(alice, customer=make_customer(alice))
    assert len(statements(alice_client, "/customers/")) <= 12


def test_the_count_is_exact_and_of_what_matches(alice: User, alice_client: Client) -> None:
    for number in range(30):
        make_customer(alice, f"Customer {number}", lifecycle="lead" if number % 3 else "customer")
    page = alice_client.get("/customers/?f=lifecycle:is:lead&size=25").content.decode()
    assert "1–20 of 20" in page
    page = alice_client.get("/customers/?size=25").content.decode()
    assert "1–25 of 30" in page


def test_where_counting_is_slow_it_comes_later_and_without_scripts_by_a_link(alice: User, ada: User, ada_client: Client) -> None:
    for number in range(30):
        make_customer(alice, f"Customer {number}")
    page = ada_client.get("/customers/?f=lifecycle:is:prospect&size=25").content.decode()
    later = re.search(r'hx-get="([^"]+part=count)"', page)
    assert later
    fragment = ada_client.get(later[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith("30")
    link = re.search(r'<noscript><a class="link" href="([^"]+)"', page)
    assert link
    assert "1–25 of 30" in ada_client.get(link[1].replace("&amp;", "&")).content.decode()


def test_no_match_offers_to_clear_the_filters(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    page = alice_client.get("/customers/?f=name:contains:zzz").content.decode()
    assert "No customers match these filters" in page
    assert "Clear filters" in page


def test_a_filter_is_made_in_two_steps_without_scripts(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Lead Co", lifecycle="lead")
    make_customer(alice, "Other Co")
    assert 'name="add"' in alice_client.get("/customers/?sort=name&add=").content.decode()
    editor = alice_client.get("/customers/?sort=name&add=lifecycle").content.decode()
    assert 'name="field" value="lifecycle"' in editor
    sent = alice_client.get("/customers/?sort=name&add=lifecycle&field=lifecycle&op=any_of&v=lead&v=partner")
    assert sent.status_code == 302
    assert sent.headers["Location"] == "/customers/?f=lifecycle:any_of:lead,partner&sort=name"
    assert names(alice_client.get(sent.headers["Location"])) == ["Lead Co"]
    changed = alice_client.get("/customers/?f=lifecycle:any_of:lead,partner&edit=0&field=lifecycle&op=none_of&v=lead")
    assert changed.headers["Location"] == "/customers/?f=lifecycle:none_of:lead"


def test_a_filter_that_makes_no_sense_keeps_the_editor_and_says_why(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    page = alice_client.get("/customers/?add=annual_revenue&field=annual_revenue&op=above&v=lots")
    assert page.status_code == 200
    assert "“lots” is not a number." in page.content.decode()
    assert 'name="field" value="annual_revenue"' in page.content.decode()


def test_a_reference_is_chosen_by_its_name(alice: User, dora: User, alice_client: Client) -> None:
    customer, secret = make_customer(alice, "Vattvik"), make_customer(dora, "Secret")
    make_contact(alice, "Elin", "Ek", customer=customer)
    sent = alice_client.get("/contacts/?add=customer&field=customer&op=is&v=vattvik")
    assert sent.headers["Location"] == f"/contacts/?f=customer:is:{customer.pk}"
    assert "Vattvik" in alice_client.get(f"/contacts/?f=customer:is:{customer.pk}&edit=0").content.decode()
    assert alice_client.get("/contacts/?add=customer&field=customer&op=is&v=secret").status_code == 200
    assert "Secret" not in alice_client.get(f"/contacts/?f=customer:is:{secret.pk}&edit=0").content.decode()


def test_columns_are_chosen_without_scripts(alice: User, alice_client: Client) -> None:
    make_customer(alice, industry="energy")
    page = alice_client.get("/customers/?c=industry&c=name").content.decode()
    assert 'data-l="Industry"' in page
    assert 'data-l="Lifecycle"' not in page
    assert "cols=name,industry" in page


def test_values_are_escaped(alice: User, alice_client: Client) -> None:
    make_customer(alice, "<script>alert(1)</script>", billing_city="<img src=x>", billing_street="x")
    page = alice_client.get('/customers/?q="><script>alert(2)</script>').content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in alice_client.get("/customers/").content.decode()


def test_no_bar_of_actions_where_there_are_none(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    page = alice_client.get("/customers/").content.decode()
    assert 'class="sel"' in page
    assert ('id="bulk"' in page) == ('formaction="' in page)


def test_a_page_of_fifty_rows_is_below_a_hundred_kilobytes(alice: User, ada_client: Client, ada: User) -> None:
    Customer._base_manager.bulk_create(
        Customer(
            organization_id=ada.organization_id, name=f"A customer of a usual length {number}", website="https://www.a-usual-length.example",
            domain="a-usual-length.example", annual_revenue=123456, owner=alice, billing_city="Stockholm", billing_country="SE",
            lifecycle="customer",
        )
        for number in range(60)
    )  # fmt: skip
    assert len(ada_client.get("/customers/").content) < 100_000


def test_a_view_for_everybody_is_asked_under_the_readers_own_access(alice: User, ada: User, dora: User, alice_client: Client) -> None:
    from crm.fields.record_types import record_types
    from crm.query.actions import Arrangement
    from crm.query.rules import Condition, Group

    make_customer(alice, "Hers", annual_revenue=Decimal(10))
    make_customer(dora, "Not hers", annual_revenue=Decimal(10))
    rule = Group("all", (Condition("annual_revenue", "above", "5"),))
    view = create_view(
        record_types["customer"], "Rich", Arrangement(rule, ["name", "annual_revenue"], "-annual_revenue", 25), audience="all", by=ada
    )
    assert names(alice_client.get(f"/customers/?view={view.pk}")) == ["Hers"]
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": "hidden"}}
    alice.role.save()
    page = alice_client.get(f"/customers/?view={view.pk}").content.decode()
    assert "does not show" in page
    assert 'data-l="Annual revenue"' not in page
