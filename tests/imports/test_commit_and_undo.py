"""Between dry run and import others go on working; and all of it can be taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from crm.access.derived import repair_access
from crm.audit.models import LogEntry
from crm.imports import actions
from crm.imports.models import Import, ImportRow, Stage
from crm.jobs.models import State
from crm.jobs.run import JobRun, run_here
from crm.records.actions import create_record, delete_record, restore_record, update_record
from crm.users.models import Role, User
from customers.models import Contact, Customer, Tag
from tests.factories.customers import make_contact, make_customer
from tests.imports.conftest import commit, counts, remarks, undo

Check = Callable[..., Any]


def test_a_record_that_changed_since_the_dry_run_is_refused_and_listed(alice: User, bob: User, check: Check) -> None:
    customer = make_customer(alice, "A", external_id="1")
    run = check("Id,Name\n1,From the file\n", by=alice)
    update_record(customer, by=bob, name="Bob's")
    run = commit(run, alice)
    assert counts(run) == (0, 0, 0, 1)
    assert remarks(run) == [(2, "", "Bob changed the record since the dry run.")]
    assert Customer.objects.get().name == "Bob's"
    assert "From the file" in run.refused_path.read_text(encoding="utf-8-sig")


def test_a_record_that_was_deleted_since_is_refused(alice: User, check: Check) -> None:
    customer = make_customer(alice, "A", external_id="1")
    run = check("Id,Name\n1,From the file\n", by=alice)
    delete_record(customer, by=alice)
    assert counts(commit(run, alice)) == (0, 0, 0, 1)


def test_a_record_that_somebody_added_since_is_not_doubled(alice: User, check: Check) -> None:
    run = check("Name,Email\nA,office@a.example\n", by=alice, match=["email"])
    make_customer(alice, "A by hand", email="office@a.example")
    run = commit(run, alice)
    assert counts(run) == (0, 0, 0, 1)
    assert Customer.objects.count() == 1


def test_rights_that_were_taken_away_since_stop_the_import(alice: User, check: Check) -> None:
    run = check("Name,City\nA,Oslo\n", by=alice)
    Role.objects.filter(pk=alice.role_id).update(levels={"customer": {"billing_city": "read"}})
    job = run_here(actions.start_commit(run, by=alice, queue_now=False))
    assert job.state == State.FAILED
    assert "rights changed" in job.error
    assert not Customer.objects.exists()


def test_the_log_names_the_job(alice: User, check: Check) -> None:
    run = commit(check("Name\nA\n", by=alice), alice)
    assert LogEntry.objects.get(verb="customer.created").job_id == run.commit_job_id


def test_undo_removes_what_was_new_and_restores_what_was_changed(alice: User, bob: User, check: Check) -> None:
    tag = Tag.objects.create(name="vip")
    customer = make_customer(alice, "Old name", external_id="1", annual_revenue=5, billing_city="Oslo")
    file = f"Id,Name,Annual revenue,City,Owner,Tags,Parent account\n1,New name,7,Bergen,{bob.email},vip,Fresh\n2,Fresh,,,,,\n"
    run = commit(check(file, by=alice), alice)
    assert counts(run) == (1, 1, 0, 0)
    customer.refresh_from_db()
    assert (customer.name, customer.owner, list(customer.tags.all()), customer.parent.name) == ("New name", bob, [tag], "Fresh")
    assert undo(run, alice) == {"removed": 1, "restored": 1, "edited": 0}
    customer.refresh_from_db()
    assert (customer.name, customer.annual_revenue, customer.billing_city, customer.owner) == ("Old name", 5, "Oslo", alice)
    assert (list(customer.tags.all()), customer.parent) == ([], None)
    assert Customer.objects.in_recycle_bin_of(alice).get().name == "Fresh"
    assert Import.objects.get(pk=run.pk).stage == Stage.UNDONE
    assert repair_access(Customer) == 0


def test_undo_keeps_and_lists_what_somebody_edited_since(alice: User, bob: User, check: Check) -> None:
    customer = make_customer(alice, "Old", external_id="1", billing_city="Oslo")
    run = commit(check("Id,Name,City\n1,New,Bergen\n2,Fresh,Malmö\n", by=alice), alice)
    customer.refresh_from_db()
    update_record(customer, by=bob, name="Bob's")
    update_record(Customer.objects.get(external_id="2"), by=bob, size=9)
    assert undo(run, alice) == {"removed": 0, "restored": 1, "edited": 2}
    customer.refresh_from_db()
    assert (customer.name, customer.billing_city) == ("Bob's", "Oslo"), "only what is still the file's goes back"
    assert Customer.objects.filter(external_id="2", deleted_at=None).exists()
    assert [number for number, _column, _why in remarks(run)] == [2, 3]


def test_undo_takes_companions_and_points_along(alice: User, check: Check) -> None:
    contact = make_contact(alice, email="elin@x.example")
    run = commit(check("Email,Email 2,Company\nelin@x.example,two@x.example,New Co\n", by=alice, kind="contact"), alice)
    assert contact.points.count() == 1
    undo(run, alice)
    contact.refresh_from_db()
    assert (contact.customer, contact.points.count()) == (None, 0)
    assert not Customer.objects.filter(deleted_at=None).exists()
    assert Contact.objects.get().deleted_at is None


def test_the_same_file_may_be_imported_again_after_an_undo(alice: User, check: Check) -> None:
    file = "Id,Name\n1,A\n2,B\n"
    first = commit(check(file, by=alice), alice)
    undo(first, alice)
    again = commit(check(file, by=alice), alice)
    assert counts(again) == (2, 0, 0, 0)
    deleted = Customer.objects.filter(deleted_at__isnull=False, external_id="1").get()
    with pytest.raises(ValidationError, match="already has this external id"):
        restore_record(deleted, by=alice)
    delete_record(Customer.objects.get(external_id="1", deleted_at=None), by=alice)
    deleted.refresh_from_db()
    restore_record(deleted, by=alice)
    assert Customer.objects.get(external_id="1", deleted_at=None) == deleted


def test_undo_twice_is_refused(alice: User, check: Check) -> None:
    run = commit(check("Name\nA\n", by=alice), alice)
    undo(run, alice)
    with pytest.raises(ValidationError):
        actions.start_undo(Import.objects.get(pk=run.pk), by=alice)


def test_a_stopped_import_goes_on_where_it_stopped_and_undo_knows_how_far(
    alice: User, check: Check, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_BATCH = 2
    run = check("Name\n" + "".join(f"C{n}\n" for n in range(5)), by=alice, match=[])
    real = JobRun.progress

    def stop(self: JobRun, done: int, total: int | None = None) -> None:
        real(self, done, total)
        if done == 2:
            type(self.job).objects.filter(pk=self.job.pk).update(cancel_requested=True)

    monkeypatch.setattr(JobRun, "progress", stop)
    job = run_here(actions.start_commit(run, by=alice, queue_now=False))
    monkeypatch.undo()
    settings.IMPORT_BATCH = 2
    assert (job.state, Customer.objects.count()) == (State.CANCELLED, 2)
    run = Import.objects.get(pk=run.pk)
    assert run.stage == Stage.STOPPED
    run = commit(run, alice)
    assert (Customer.objects.count(), run.stage) == (5, Stage.DONE)
    assert sorted(Customer.objects.values_list("name", flat=True)) == [f"C{n}" for n in range(5)]


def test_only_what_was_written_is_undone(alice: User, check: Check, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IMPORT_BATCH = 2
    run = check("Name\n" + "".join(f"C{n}\n" for n in range(5)), by=alice, match=[])
    calls = iter(range(10))

    def fail(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 1:
            raise MemoryError
        return original(*args, **kwargs)

    from crm.imports import straight

    original = straight.insert_drafted
    monkeypatch.setattr(straight, "insert_drafted", fail)
    assert run_here(actions.start_commit(run, by=alice, queue_now=False)).state == State.FAILED
    assert Customer.objects.count() == 2
    assert undo(Import.objects.get(pk=run.pk), alice) == {"removed": 2, "restored": 0, "edited": 0}


def test_bob_cannot_touch_alices_import_but_ada_can(alice: User, bob: User, ada: User, check: Check) -> None:
    from django.core.exceptions import PermissionDenied

    run = check("Name\nA\n", by=alice)
    with pytest.raises(PermissionDenied):
        actions.start_commit(run, by=bob)
    commit(run, ada)
    assert Customer.objects.get().owner == alice


def test_throwing_away_leaves_nothing(alice: User, check: Check) -> None:
    run = check("Name\nA\n", by=alice)
    directory = run.directory
    actions.discard_import(run, by=alice)
    assert not ImportRow.objects.exists()
    assert not Import.objects.exists()
    assert directory.exists(), "the file goes with the commit"


def test_after_a_month_rows_and_file_go_and_the_numbers_stay(alice: User, check: Check) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from crm.imports.tasks import forget_old_imports

    run = commit(check("Name\nA\n", by=alice), alice)
    path = run.path
    old = timezone.now() - timedelta(days=31)
    Import.objects.filter(pk=run.pk).update(created_at=old, imported_at=old)
    assert forget_old_imports() == 1
    assert not ImportRow.objects.exists()
    assert not path.exists()
    assert counts(Import.objects.get()) == (1, 0, 0, 0)
    with pytest.raises(ValidationError):
        actions.start_undo(Import.objects.get(), by=alice)


def test_the_owner_of_a_committed_row_sees_it_and_others_do_not(alice: User, dora: User, check: Check) -> None:
    commit(check("Name\nA\n", by=alice), alice)
    assert Customer.objects.visible_to(alice).exists()
    assert not Customer.objects.visible_to(dora).exists()


def test_create_record_still_works_after_keys_were_handed_out(alice: User, check: Check) -> None:
    check("Name\nA\nB\n", by=alice)
    assert create_record(Customer, by=alice, name="C").pk
