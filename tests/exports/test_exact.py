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
    assert left_out == {"created_by", "updated_at", "updated_by", "last_activity_at"}


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


def test_tasks_come_back_unchanged(ada: User, exported: Exported) -> None:
    customer = make_customer(ada)
    create_task([customer], by=ada, subject="Send the quote", due_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC), priority="high", body="Soon")
    create_task([customer], by=ada, subject="Call again", due_at=datetime(2026, 12, 2, 9, 30, 15, tzinfo=UTC))
    run = dry_run(exported(ada, "task", "", columns="every", values="exact"), "task", ada)
    assert told(run) == []
    assert run.count(Action.SAME) == 2
