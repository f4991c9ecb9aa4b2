"""The bulk forms write what the single actions write: the same rows through both, held beside each other."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from crm.access.derived import repair_access
from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.records.actions import create_record, delete_record, update_record
from crm.records.actions.bulk_checks import RecordChecks, draft_table
from crm.records.actions.checks import mended_at
from crm.records.bulk import ChangedRecord, NewRecord, change_of, delete_many, insert_many, new_keys, update_many
from crm.search.models import SearchDocument
from crm.users.models import User
from customers.models import Contact, Customer, Tag

NEVER_THE_SAME = {"id", "created_at", "updated_at", "external_id", "unique_email"}


def columns_of(record: Any) -> dict[str, Any]:
    record = type(record)._base_manager.get(pk=record.pk)
    return {c.attname: getattr(record, c.attname) for c in record._meta.concrete_fields if c.name not in NEVER_THE_SAME}


def traces_of(record: Any) -> dict[str, Any]:
    """All that an action leaves beside the record itself."""
    document = SearchDocument.objects.filter(record_id=record.pk, record_type=record._meta.model_name).first()
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk).order_by("pk")
    events = Event.objects.filter(record_type=record._meta.model_name, record_id=record.pk).order_by("pk")
    return {
        "principals": sorted(record.access.values_list("principal", flat=True)),
        "document": document and (document.title, document.body, sorted(document.principals)),
        "log": [(e.verb, e.action, e.object_repr, e.object_pk == str(record.pk), e.actor_id, e.actor_email, e.changes) for e in entries],
        "events": [(event.kind, event.actor_id, event.data) for event in events],
    }


def made_by_bulk(model: Any, rows: list[dict[str, Any]], by: User) -> list[Any]:
    keys = new_keys(model, len(rows))
    news = []
    for key, row in zip(keys, rows, strict=True):
        values = dict(row)
        lists = {"tags": values.pop("tags")} if "tags" in values else {}
        owner = values.pop("owner", by)
        record = model(pk=key, organization_id=by.organization_id, owner=owner, team=owner.team, **values)
        record.derive(by.organization)
        news.append(NewRecord(record, {*values, *({"owner"} if "owner" in row else ())}, lists))
    insert_many(model, news, by=by)
    return [model._base_manager.get(pk=key) for key in keys]


@pytest.fixture
def tags(cast: dict[str, User]) -> list[Tag]:
    return [Tag.objects.create(name=name) for name in ("key account", "renewal due")]


def customer_rows(parent: Customer, tags: list[Tag], bob: User) -> list[dict[str, Any]]:
    return [
        {"name": "Ærøskøbing Værft", "website": "https://www.aero.example", "annual_revenue": Decimal("1204.5"), "tags": tags},
        {"name": "Plain", "phone": "+493012345678", "billing_country": "DE", "billing_city": "Berlin", "billing_postal_code": "10115"},
        {"name": "Below", "parent": parent, "owner": bob, "size": 12, "email": "office@below.example"},
    ]


def test_new_customers_are_the_same_in_bulk(alice: User, bob: User, tags: list[Tag]) -> None:
    parent = create_record(Customer, by=alice, name="Holding")
    single = [create_record(Customer, by=alice, **row) for row in customer_rows(parent, tags, bob)]
    several = made_by_bulk(Customer, customer_rows(parent, tags, bob), alice)
    for one, other in zip(single, several, strict=True):
        assert columns_of(one) == columns_of(other)
        assert traces_of(one) == traces_of(other)
        assert set(one.tags.all()) == set(other.tags.all())
    assert repair_access(Customer) == 0


def test_new_contacts_are_the_same_in_bulk(alice: User) -> None:
    customer = create_record(Customer, by=alice, name="Vattvik")
    rows = [
        {"first_name": "Élodie", "last_name": "de Vries", "customer": customer, "phone": "+4989123456", "job_title": "Buyer"},
        {"last_name": "Ek", "do_not_email": True},
    ]
    single = [create_record(Contact, by=alice, **row) for row in rows]
    several = made_by_bulk(Contact, rows, alice)
    for one, other in zip(single, several, strict=True):
        assert columns_of(one) == columns_of(other)
        assert traces_of(one) == traces_of(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Renamed"},
        {"size": 90},
        {"website": "https://elsewhere.example"},
        {"annual_revenue": None, "billing_city": "Leipzig"},
        {"owner": "bob"},
        {"tags": "none"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_changes_are_the_same_in_bulk(alice: User, bob: User, tags: list[Tag], changes: dict[str, Any]) -> None:
    facts = {"name": "Vattvik", "annual_revenue": Decimal(5), "website": "https://vattvik.example", "tags": tags}
    single, several = create_record(Customer, by=alice, **facts), create_record(Customer, by=alice, **facts)
    values = {key: bob if value == "bob" else [] if value == "none" else value for key, value in changes.items()}
    update_record(single, by=alice, **values)
    loaded = Customer._base_manager.select_related("owner__team", "team").get(pk=several.pk)
    beside = {key: (list(loaded.tags.all()), value) if isinstance(value, list) else value for key, value in values.items()}
    change = change_of(loaded, beside, alice.organization)
    assert isinstance(change, ChangedRecord)
    assert update_many(Customer, [change], by=alice) == set()
    assert columns_of(single) == columns_of(several)
    assert traces_of(single) == traces_of(several)
    assert set(single.tags.all()) == set(several.tags.all())
    assert repair_access(Customer) == 0


def test_what_is_equal_is_no_change(alice: User) -> None:
    customer = create_record(Customer, by=alice, name="Same", annual_revenue=Decimal("5.0000"))
    assert change_of(customer, {"name": "Same", "annual_revenue": Decimal(5)}, alice.organization) is None


def test_a_record_that_somebody_saved_in_between_is_left_alone(alice: User, bob: User) -> None:
    customer = create_record(Customer, by=alice, name="Before")
    stale = Customer._base_manager.get(pk=customer.pk)
    update_record(customer, by=bob, name="Bob's")
    change = change_of(stale, {"name": "Mine"}, alice.organization)
    assert change
    assert update_many(Customer, [change], by=alice) == {customer.pk}
    assert Customer.objects.get(pk=customer.pk).name == "Bob's"


def test_deleting_is_the_same_in_bulk(alice: User) -> None:
    single, several = create_record(Customer, by=alice, name="Gone"), create_record(Customer, by=alice, name="Gone")
    delete_record(single, by=alice)
    assert delete_many(Customer, [several.pk], by=alice) == 1
    assert columns_of(several)["deleted_by_id"] == alice.pk
    one, other = traces_of(single), traces_of(several)
    for traces in (one, other):
        traces["log"] = [(verb, action, *rest[:-1]) for verb, action, *rest in traces["log"]]
    one["log"] = [tuple(e) for e in one["log"]]
    assert [e[0] for e in one["log"]] == [e[0] for e in other["log"]]
    assert one["principals"] == other["principals"] == []
    assert one["document"] is other["document"] is None
    assert one["events"] == other["events"]


WRONG = [
    {"name": ""},
    {"name": "x" * 201},
    {"name": "A", "size": -1},
    {"name": "A", "annual_revenue": Decimal(-1)},
    {"name": "A", "lifecycle": "nonsense"},
    {"name": "A", "website": "no address"},
    {"name": "A", "email": "no address"},
    {"name": "A", "billing_street": "Hauptstr. 1"},
    {"name": "A", "billing_postal_code": "ABC", "billing_country": "DE"},
    {"name": "A", "tax_number": "DE123", "billing_country": "DE"},
    {"name": "A", "external_id": "taken"},
    {"name": "A", "size": 20_000_000},
]


@pytest.mark.parametrize("values", [{"name": "Right", "billing_city": "Berlin"}, *WRONG], ids=lambda values: str(values)[:40])
def test_bulk_checks_refuse_what_the_single_action_refuses(alice: User, values: dict[str, Any]) -> None:
    create_record(Customer, by=alice, name="First", external_id="taken")
    refused: dict[str, list[str]] = {}
    try:
        create_record(Customer, by=alice, **values)
    except ValidationError as error:
        refused = {key: list(sentences) for key, sentences in error.message_dict.items()}
    else:
        Customer._base_manager.filter(name=values["name"]).update(external_id="")
    record = Customer(organization_id=alice.organization_id, owner=alice, team=alice.team, **values)
    record.derive(alice.organization)
    errors, told = RecordChecks(Customer).of(record, None), dict[str, list[str]]()
    with draft_table(Customer) as drafts:
        drafts.fill([(1, None, record)])
        for _number, constraint in drafts.violations():
            told.setdefault(mended_at(constraint, record), []).append(str(constraint.get_violation_error_message()))
    errors = {**told, **errors}  # a field says what is wrong with it once
    assert sorted({s for sentences in errors.values() for s in sentences}) == sorted({s for each in refused.values() for s in each})
