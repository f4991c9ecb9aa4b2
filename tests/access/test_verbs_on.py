"""What a page offers on a record is what the actions would allow."""

from crm.access.decisions import may, verbs_on
from crm.records.actions import create_record, delete_record, share_record
from crm.users.models import User, Verb
from customers.models import Customer

VERBS = [verb for verb in Verb.values if verb not in {"view", "create"}]


def _agree(record: Customer, people: list[User]) -> dict[int, dict[str, bool]]:
    offered = {}
    for person in people:
        if Customer.objects.visible_to(person).filter(pk=record.pk).exists():
            offered[person.pk] = verbs_on(record, person, VERBS)
            assert offered[person.pk] == {verb: may(person, verb, record) for verb in VERBS}, person
    return offered


def test_each_person_is_offered_what_they_may_do(alice: User, bob: User, dora: User, mona: User, ada: User, sam: User) -> None:
    people = [alice, bob, dora, mona, ada, sam]
    record = create_record(Customer, by=alice, name="Nordlicht", kind="company")
    offered = _agree(record, people)
    assert offered[alice.pk]["change"]
    assert offered[ada.pk]["delete"]
    assert not offered[sam.pk]["change"]


def test_a_share_to_edit_offers_editing_and_a_share_to_see_does_not(alice: User, bob: User, dora: User) -> None:
    record = create_record(Customer, by=alice, name="Nordlicht", kind="company")
    share_record(record, dora, by=alice)
    assert not _agree(record, [dora])[dora.pk]["change"]
    share_record(record, dora, may_change=True, by=alice)
    assert _agree(record, [dora])[dora.pk]["change"]


def test_nothing_is_offered_on_what_is_deleted_or_foreign(alice: User, charlie: User) -> None:
    record = create_record(Customer, by=alice, name="Nordlicht", kind="company")
    assert not any(verbs_on(record, charlie, VERBS).values())
    deleted = delete_record(record, by=alice)
    assert not any(verbs_on(deleted, alice, VERBS).values())
