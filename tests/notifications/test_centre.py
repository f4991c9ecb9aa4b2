"""The page of notifications: which are shown, which are marked as read, and the way back."""

from typing import Any

from crm.notifications.actions import notify
from crm.notifications.models import Notification
from crm.records.actions import share_record, unshare_record
from crm.users.models import User
from tests.factories.customers import make_customer


def page(client: Any, query: str = "") -> str:
    return str(client.get(f"/notifications/{query}").content.decode())


def unread(person: User) -> set[str]:
    return set(Notification.objects.filter(person=person, read_at=None).values_list("key", flat=True))


def tell(person: User, by: User) -> None:
    """Two changes and something of another kind, one record each."""
    for kind, name in (("changed", "Alder"), ("changed", "Birch"), ("other", "Cedar")):
        customer = make_customer(by, name=name)
        notify(person, kind, customer, key=name, by=by)


def test_bob_reads_one_and_finds_only_the_others_among_unread(alice: User, bob: User, bob_client: Any) -> None:
    tell(bob, alice)
    bob_client.post(f"/notifications/{Notification.objects.get(person=bob, key='Alder').pk}/read/")
    shown = page(bob_client, "?show=unread")
    assert "Birch" in shown
    assert "Cedar" in shown
    assert "changed Alder" not in shown
    assert "changed Alder" in page(bob_client)


def test_bob_sees_a_kind_and_marks_only_that_as_read(alice: User, bob: User, bob_client: Any) -> None:
    tell(bob, alice)
    shown = page(bob_client, "?kind=changed")
    assert "Alder" in shown
    assert "Cedar" not in shown
    bob_client.post("/notifications/read/", {"kind": "changed"})
    assert unread(bob) == {"Cedar"}


def test_bob_takes_back_that_he_marked_all_and_what_he_had_read_before_stays_read(alice: User, bob: User, bob_client: Any) -> None:
    tell(bob, alice)
    bob_client.post(f"/notifications/{Notification.objects.get(person=bob, key='Alder').pk}/read/")
    undo = list(bob_client.post("/notifications/read/", follow=True).context["messages"])[-1].extra_tags
    assert not unread(bob)
    bob_client.post(undo.removeprefix("undo:"))
    assert unread(bob) == {"Birch", "Cedar"}


def test_charlie_takes_back_nothing_of_bobs(alice: User, bob: User, bob_client: Any, charlie_client: Any) -> None:
    tell(bob, alice)
    undo = list(bob_client.post("/notifications/read/", follow=True).context["messages"])[-1].extra_tags
    charlie_client.post(undo.removeprefix("undo:"))
    assert not unread(bob)


def test_bob_asks_for_what_there_is_not(bob_client: Any) -> None:
    for query in ("?kind=nonsense", "?show=nonsense", "?before=x", f"?before={'9' * 30}", "?before=99999&kind=changed&show=unread"):
        assert bob_client.get(f"/notifications/{query}").status_code == 200
    assert bob_client.post(f"/notifications/unread/{'9' * 30}/").status_code == 404


def test_bob_pages_through_unread_ones_of_a_kind(alice: User, bob: User, bob_client: Any) -> None:
    customer = make_customer(alice)
    for number in range(52):
        notify(bob, "changed", customer, key=str(number), by=alice)
    centre = bob_client.get("/notifications/?kind=changed&show=unread").context["centre"]
    assert len(centre.shown) == 50
    earlier = bob_client.get(f"/notifications/{centre.next_query}").context["centre"]
    assert (len(earlier.shown), earlier.next_query, earlier.kind, earlier.only_unread) == (2, "", "changed", True)


def test_dora_is_told_no_name_of_what_has_gone_out_of_her_sight_in_any_view(alice: User, dora: User, client_of: Any) -> None:
    customer, dora_client = make_customer(alice, name="Elder"), client_of(dora)
    share_record(customer, dora, by=alice)
    notify(dora, "changed", customer, key="Elder", by=alice)
    assert "Elder" in page(dora_client, "?kind=changed&show=unread")
    unshare_record(customer, dora, by=alice)
    for query in ("", "?show=unread", "?kind=changed", "?kind=changed&show=unread"):
        shown = page(dora_client, query)
        assert "Elder" not in shown
        assert "Something that you can no longer see" in shown
