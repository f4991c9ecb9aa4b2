"""Exact exports: what goes out comes back in, and then there is nothing to change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crm.activities.actions.write import create_task
from crm.fields.record_types import record_types
from crm.imports.actions import begin_import, start_check
from crm.imports.models import Action, Import
from crm.imports.options import Options
from crm.jobs.run import run_here
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Tag
from tests.factories.customers import make_contact, make_customer

Exported = Callable[..., bytes]


def dry_run(data: bytes, kind: str, by: User, file_name: str = "file.csv") -> Import:
    run = begin_import(record_types[kind], file_name, [data], by=by, options=Options(clear_empty=True))
    assert run_here(start_check(run, by=by, queue_now=False)).error == ""
    return Import.objects.get(pk=run.pk)


def told(run: Import) -> list[Any]:
    return [(row.action, row.old, row.values, row.remarks) for row in run.staged.all() if row.action != Action.SAME or row.remarks]


def rich_customers(by: User) -> None:
    tags = [Tag.objects.create(organization=by.organization, name=name) for name in ("warm", "fair 2026")]
    parent = make_customer(by, "Mother AB", external_id="M-1")
    make_customer(
        by, "=Daughter, “AB”", external_id="D-1", parent=parent, kind="company", lifecycle="customer", industry="energy", size=1200,
        annual_revenue="1234567.50", currency="SEK", website="https://daughter.example/a?b=c", email="info@daughter.example",
        phone="+46701234567", legal_name="-Daughter Aktiebolag", billing_street="Storgatan 1", billing_city="Umeå", billing_country="SE",
        billing_postal_code="903 26", shipping_same_as_billing=True, preferred_channel="email", preferred_language="sv", topics="wind, sun",
        source="trade_show", tags=tags, description="One\ntwo; three\t\"four\"\n\n=five",
    )  # fmt: skip
    make_customer(by, "Plain", external_id="P-1")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_customers_come_back_unchanged(format: str, ada: User, exported: Exported) -> None:
    rich_customers(ada)
    run = dry_run(exported(ada, "customer", "", format=format, columns="every", values="exact"), "customer", ada, f"file.{format}")
    assert told(run) == []
    assert run.count(Action.SAME) == 3
    left_out = {column["header"] for column in run.mapping if not column["target"]}
    assert left_out == {"created_by", "updated_at", "updated_by", "last_activity_at", "parent"}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_contacts_come_back_unchanged(format: str, ada: User, exported: Exported) -> None:
    customer = make_customer(ada, "Vattvik", external_id="V-1")
    make_contact(
        ada, salutation="ms", first_name="Elin", last_name="Sjöberg", job_title="CFO", department="Finance", customer=customer,
        email="elin@vattvik.example", phone="+46701234567", phone_label="mobile", birthday="1980-02-29", do_not_call=True,
        street="Storgatan 1", postal_code="903 26", city="Umeå", country="SE", preferred_language="sv", external_id="E-1",
    )  # fmt: skip
    make_contact(ada, first_name="Bo", last_name="Ek", external_id="E-2")
    run = dry_run(exported(ada, "contact", "", format=format, columns="every", values="exact"), "contact", ada, f"file.{format}")
    assert told(run) == []
    assert run.count(Action.SAME) == 2


def test_records_without_any_key_are_recognised_by_their_ids(ada: User, exported: Exported) -> None:
    """Two of the same name, one the parent of a third: names would say nothing."""
    first, second = make_customer(ada, "Twin"), make_customer(ada, "Twin")
    make_customer(ada, "Child", parent=second)
    make_contact(ada, customer=first)
    data = exported(ada, "customer", "", columns="every", values="exact")
    run = dry_run(data, "customer", ada)
    assert (run.match, told(run), run.count(Action.SAME)) == (["tern_id"], [], 3)
    run = dry_run(data.replace(b"Child", b"Grandchild"), "customer", ada)
    assert (run.count(Action.CHANGED), run.count(Action.SAME)) == (1, 2)
    run = dry_run(exported(ada, "contact", "", columns="every", values="exact"), "contact", ada)
    assert (told(run), run.count(Action.SAME)) == ([], 1)


def test_ids_of_another_organization_overwrite_nobody_here(ada: User, charlie: User, exported: Exported) -> None:
    make_customer(ada, "Twin")
    data = exported(ada, "customer", "", columns="every", values="exact")
    with tenant(charlie.own_organization_id):
        run = dry_run(data, "customer", charlie)
        assert run.count(Action.NEW) == 1 and run.match != ["tern_id"]
        assert [column["target"] for column in run.mapping if column["header"].endswith("tern_id")] == ["", ""]


def test_an_id_that_is_gone_or_out_of_sight_or_there_twice_is_refused(ada: User, alice: User, dora: User, exported: Exported) -> None:
    mine, hidden = make_customer(alice, "Mine"), make_customer(dora, "Hidden")
    data = exported(ada, "customer", "?cols=name,legal_name&sort=name", values="exact").decode()
    mark = data.splitlines()[1].partition("-")[0]
    lines = [
        f"{mark}-{mine.pk},Mine,A",
        f"{mark}-{mine.pk},Mine,B",
        f"{mark}-{hidden.pk},Hidden,C",
        f"{mark}-999999999,Gone,D",
        "12,Strange,E",
    ]
    run = dry_run("\n".join(["tern_id,name,legal_name", *lines, ",New,F"]).encode(), "customer", alice)
    actions = [row.action for row in run.staged.order_by("number")]
    assert actions == [Action.CHANGED, *[Action.REFUSED] * 4, Action.NEW]


def test_tasks_come_back_unchanged(ada: User, exported: Exported) -> None:
    customer = make_customer(ada)
    create_task([customer], by=ada, subject="Send the quote", due_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC), priority="high", body="Soon")
    create_task([customer], by=ada, subject="Call again", due_at=datetime(2026, 12, 2, 9, 30, 15, tzinfo=UTC))
    run = dry_run(exported(ada, "task", "", columns="every", values="exact"), "task", ada)
    assert told(run) == []
    assert run.count(Action.SAME) == 2
