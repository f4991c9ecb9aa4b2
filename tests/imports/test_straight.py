"""Rows that are written straight from the staging table leave what rows leave that were made again as records."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.access.derived import repair_access
from crm.imports.models import Import, ImportRow
from crm.tenancy.models import Organization
from crm.users.models import Role, User
from customers.models import Contact, Customer, Tag
from tests.imports.conftest import commit, counts
from tests.records.test_bulk import columns_of, traces_of

Check = Callable[..., Any]
CUSTOMERS = (
    "Name,Website,Email,Phone,Street,City,Postal code,Country,Employees,Annual revenue,Tax number,Lifecycle,Created,Description\n"
    "Łódź Ærø & Søn,https://www.shop.acme.co.uk,Office@Acme.example,+49 30 901820,Hauptstraße 1,Berlin,10115,DE,12,1000000,"
    'DE 136 695 976,customer,2020-02-03,"Two\nlines"\n'
    "Plain,,,,,,,,,,,,,\n"
    "Third,plain.example,,,,Oslo,,,0,12.5,,,,\n"
)
CONTACTS = "First name,Last name,Email,Job title,Do not call\nKari,Nordmann,kari@nordlys.example,CEO,yes\n,Only,,,\n"


def straight(run: Any) -> bool:
    return bool(run.prepared["grounds"]) and all(ImportRow.objects.filter(run=run).values_list("prepared", flat=True))


@pytest.mark.parametrize(("kind", "model", "file"), [("customer", Customer, CUSTOMERS), ("contact", Contact, CONTACTS)])
def test_both_ways_write_the_same(alice: User, check: Check, kind: str, model: Any, file: str) -> None:
    Organization.objects.update(country="DE", unique_contact_emails=False)
    alice = User.objects.get(email=alice.email)
    run = check(file, by=alice, kind=kind, match=[])
    assert straight(run)
    commit(run, alice)
    first = list(model._base_manager.order_by("pk"))
    again = check(file, by=alice, kind=kind, match=[])
    Import.objects.filter(pk=again.pk).update(prepared={})
    commit(Import.objects.get(pk=again.pk), alice)
    second = list(model._base_manager.order_by("pk"))[len(first) :]
    assert len(first) == len(second) == run.count("n") > 1
    for one, other in zip(first, second, strict=True):
        assert columns_of(one) == columns_of(other)
        assert traces_of(one) == traces_of(other)
    assert repair_access(model) == 0


def test_a_tax_number_is_kept_in_its_usual_form(alice: User, check: Check) -> None:
    commit(check("Name,Tax number,Country\nA,de 136 695 976,DE\n", by=alice, match=[]), alice)
    assert Customer.objects.get().tax_number == "DE136695976"


def test_what_rows_follow_from_may_change_before_the_import(alice: User, check: Check) -> None:
    run = check("Name\nA\n", by=alice, match=[])
    Organization.objects.update(unique_customer_names=True)
    commit(run, User.objects.get(email=alice.email))
    assert Customer.objects.get().unique_name == "a"


def test_a_field_that_a_role_closes_meanwhile_is_not_found_by_it(alice: User, check: Check) -> None:
    run = check("Name,City\nA,Oslo\n", by=alice, match=[])
    Role.objects.exclude(key=alice.role.key if alice.role else "").update(levels={"customer": {"billing_city": "hidden"}})
    commit(run, alice)
    assert "oslo" not in traces_of(Customer.objects.get())["document"][1]


@pytest.mark.parametrize("column", ["Owner", "Tags", "Parent account"])
def test_rows_that_name_others_are_made_again(alice: User, bob: User, check: Check, column: str) -> None:
    Tag.objects.create(name="vip")
    text = {"Owner": bob.email, "Tags": "vip", "Parent account": "A"}[column]
    run = check(f"Name,{column}\nA,\nB,{text}\n", by=alice, match=[])
    assert not run.prepared["grounds"]
    made = Customer.objects.get(pk__in=[row.record_id for row in ImportRow.objects.filter(run=commit(run, alice), number=3)])
    assert {"Owner": made.owner == bob, "Tags": made.tags.exists(), "Parent account": made.parent_id is not None}[column]


def test_batches_and_a_stop_between_them(alice: User, check: Check, settings: Any) -> None:
    settings.IMPORT_BATCH = 2
    run = commit(check("Name\n" + "".join(f"C{n}\n" for n in range(5)), by=alice, match=[]), alice)
    assert (counts(run), run.committed) == ((5, 0, 0, 0), ["n", 0, 6])
    assert sorted(Customer.objects.values_list("name", flat=True)) == [f"C{n}" for n in range(5)]
