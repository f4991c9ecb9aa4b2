"""A filtered list of somebody who sees many is shown before it is counted; nobody waits for a number."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.activities.actions import log_call
from crm.records import listed
from crm.users.models import User
from crm.views import list_rows
from tests.factories.customers import make_customer
from tests.views.lists.test_list import names

COUNTED_LATER = "part=count"
PAGES = ("/customers/?f=lifecycle:is:lead&sort=name", "/customers/?sort=name", "/customers/?f=lifecycle:is:customer")


def test_a_filtered_list_within_a_near_reach_is_counted_after_it_is_shown(
    dora: User, client_of: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(26):
        make_customer(dora, f"Halden {number}", lifecycle="lead")
    client: Client = client_of(dora)  # type: ignore[operator]
    monkeypatch.setattr(list_rows, "FEW", 2)
    address = "/customers/?f=lifecycle:is:lead&size=25"
    assert COUNTED_LATER in client.get(address).content.decode()
    assert COUNTED_LATER not in client.get(f"{address}&count=now").content.decode()
    assert COUNTED_LATER not in client.get("/customers/?size=25").content.decode()
    assert client.get(f"{address}&part=count", headers={"HX-Request": "true"}).content.decode().strip().startswith("26")


def test_a_short_list_is_counted_at_once(dora: User, client_of: object) -> None:
    make_customer(dora, "Halden", lifecycle="lead")
    client: Client = client_of(dora)  # type: ignore[operator]
    assert COUNTED_LATER not in client.get("/customers/?f=lifecycle:is:lead").content.decode()


def test_a_list_of_calls_is_counted_after_it_is_shown(dora: User, client_of: object) -> None:
    """Calls lie among all other activities: telling them apart took up to a second where there are three million."""
    customer = make_customer(dora, "Halden")
    for number in range(26):
        log_call([customer], by=dora, subject=f"Call {number}")
    client: Client = client_of(dora)  # type: ignore[operator]
    assert COUNTED_LATER in client.get("/calls/?size=25").content.decode()
    assert client.get("/calls/?part=count&size=25", headers={"HX-Request": "true"}).content.decode().strip().startswith("26")
    assert COUNTED_LATER not in client.get("/calls/?size=50").content.decode()


def test_who_sees_much_through_many_principals_reads_the_same_pages(
    mona: User, alice: User, dora: User, client_of: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        make_customer((alice, dora, mona)[number % 3], f"Halden {number}", lifecycle="lead" if number % 2 else "customer")
    client: Client = client_of(dora)  # type: ignore[operator]
    before = [names(client.get(address)) for address in PAGES]
    monkeypatch.setattr(listed, "MANY", 0)
    monkeypatch.setattr(listed, "COUNT_CAP", 2)
    monkeypatch.setattr(listed, "_kept", lambda key: None)
    with CaptureQueriesContext(connection) as asked:
        assert [names(client.get(address)) for address in PAGES] == before
    assert any('"principal" + 0' in query["sql"] for query in asked.captured_queries)
    assert before[0] == ["Halden 1", "Halden 7"]
