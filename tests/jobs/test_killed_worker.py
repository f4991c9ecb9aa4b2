"""A real worker, killed in the middle of long work: the next one goes on, nothing doubled, nothing missing."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as configured
from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.bulk import actions as bulk
from crm.bulk.models import BulkChange
from crm.exports.actions import Wish, start_export
from crm.exports.models import Export
from crm.fields.record_types import record_types
from crm.imports import actions
from crm.imports.models import Import
from crm.jobs.actions import wake_worker
from crm.jobs.models import Job, JobLease, State
from crm.tenancy.transaction import tenant
from crm.users.models import User
from crm.views.list_state import read_state
from customers.models import Customer

ROWS = 3000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def queue() -> str:
    """A queue of this test alone: other workers may share the broker."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class Worker:
    """A Celery worker of its own on the test database, in a process group that is killed as one."""

    def __init__(self, queue: str, media: Path) -> None:
        server = connection.settings_dict
        address = f"postgresql://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}/{server['NAME']}"
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "MEDIA_ROOT": str(media),
            "IMPORT_BATCH": "100",
            "EXPORT_CHUNK": "100",
            "BULK_BATCH": "100",
            "LOG_LEVEL": "WARNING",
        }
        environment.pop("MIGRATION_DATABASE_URL", None)
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "crm.config",
            "worker",
            "-Q",
            queue,
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
        ]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


@pytest.fixture
def worker(queue: str, media: Path) -> Iterator[Any]:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(queue, media))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def wait_for(what: Any, seconds: float = 90.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


@pytest.fixture
def committed_cast(transactional_db: None) -> User:
    """ada in an organization that other processes can see."""
    from tests.factories.people import make_organization, make_person

    organization = make_organization("Killed Ltd", "killed")
    with tenant(organization):
        return make_person("ada", "administrator", None, organization, host="killed.example")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_doubled_or_missing_when_the_worker_is_killed(committed_cast: User, worker: Any, queue: str, media: Path) -> None:
    if not configured.REDIS_URL:
        pytest.skip("no broker is set")
    with tenant(committed_cast.organization_id or 0):
        ada = User.objects.select_related("role", "team", "organization").get(pk=committed_cast.pk)
    text = "Id,Name,Parent account\n" + "".join(f"{n},Customer {n},{f'Customer {n - 1}' if n % 7 == 1 else ''}\n" for n in range(ROWS))
    with tenant(ada.organization_id or 0):
        run = actions.begin_import(record_types["customer"], "big.csv", [text.encode()], by=ada)
        check = actions.start_check(run, by=ada, queue_now=False)
    _do(check, queue, worker, waits=True)
    with tenant(ada.organization_id or 0):
        job = actions.start_commit(Import.objects.get(pk=run.pk), by=ada, queue_now=False)
    _do(job, queue, worker)
    with tenant(ada.organization_id or 0):
        names = list(Customer.objects.values_list("name", flat=True))
        assert len(names) == len(set(names)) == ROWS
        assert Customer.objects.exclude(parent=None).count() == len([n for n in range(ROWS) if n % 7 == 1])
        run = Import.objects.get(pk=run.pk)
        assert (run.stage, run.count("n"), run.count("r")) == ("done", ROWS, 0)
        with connection.cursor() as cursor:
            for table, noun in (("audit_logentry", "verb = 'customer.created'"), ("events_event", "kind = 'customer.created'")):
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {noun}")
                assert cursor.fetchone()[0] == ROWS
            cursor.execute("SELECT count(*) FROM search_searchdocument WHERE organization_id = %s", [ada.organization_id])
            assert cursor.fetchone()[0] == ROWS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_holds_each_record_once_when_the_worker_is_killed(
    format: str, committed_cast: User, worker: Any, queue: str, media: Path
) -> None:
    if not configured.REDIS_URL:
        pytest.skip("no broker is set")
    names = [f"Customer {n:04}" for n in range(ROWS)]
    with tenant(committed_cast.organization_id or 0):
        ada = User.objects.select_related("role", "team", "organization").get(pk=committed_cast.pk)
        moment = timezone.now()
        facts = {"organization_id": ada.organization_id, "owner": ada, "created_at": moment, "updated_at": moment}
        Customer.objects.bulk_create([Customer(name=name, **facts) for name in names])
        kind = record_types["customer"]
        state, _notices = read_state(QueryDict("view=all&sort=name&cols=name"), kind, ada, [])
        export = start_export(state, kind, Wish(format=format), by=ada, queue_now=False)
    assert export.job is not None
    _do(export.job, queue, worker)
    with tenant(ada.organization_id or 0):
        export = Export.objects.get(pk=export.pk)
    if format == "csv":
        found = export.path.read_text().splitlines()
    else:
        with export.path.open("rb") as file:
            found = [str(row[0]) for row in openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)]
    assert found == ["Name", *names]
    assert len(list(export.directory.iterdir())) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_change_of_many_is_done_and_undone_once_when_the_worker_is_killed(
    committed_cast: User, worker: Any, queue: str, media: Path
) -> None:
    if not configured.REDIS_URL:
        pytest.skip("no broker is set")
    with tenant(committed_cast.organization_id or 0):
        ada = User.objects.select_related("role", "team", "organization").get(pk=committed_cast.pk)
        moment = timezone.now()
        facts = {"organization_id": ada.organization_id, "owner": ada, "created_at": moment, "updated_at": moment}
        Customer.objects.bulk_create([Customer(name=f"Customer {n:04}", **facts) for n in range(ROWS)])
        wish = bulk.Wish("edit", {"set": {"industry": "energy"}}, "Industry: Energy")
        change = bulk.plan_change(record_types["customer"], Customer.objects.visible_to(ada), wish, by=ada, queue_now=False)
    for verb, industry in ((None, ""), (bulk.run_change, "energy"), (bulk.undo_change, "")):
        with tenant(ada.organization_id or 0):
            change = BulkChange.objects.get(pk=change.pk)
            job = (change if verb is None else verb(change, by=ada, queue_now=False)).job
        assert job is not None
        _do(job, queue, worker)
        with tenant(ada.organization_id or 0):
            assert Customer.objects.filter(industry=industry).count() == ROWS
            logged = LogEntry.objects.filter(verb="customer.updated").values("object_id").annotate(times=Count("pk"))
            expected = {None: {}, bulk.run_change: {1: ROWS}, bulk.undo_change: {2: ROWS}}[verb]
            assert Counter(row["times"] for row in logged) == expected


def _do(job: Job, queue: str, worker: Any, *, waits: bool = False) -> None:
    """Let a worker begin, kill it in the middle, let another finish: when the lease of the dead one is over, or is brought to its end."""

    def state() -> Job:
        with tenant(job.organization_id):
            return Job.objects.get(pk=job.pk)

    JobLease.objects.filter(job_id=job.pk).update(queue=queue)
    first = worker()
    wake_worker(job.organization_id, job.pk, queue)
    wait_for(lambda: 0 < state().done < ROWS or state().has_ended)
    first.kill()
    half = state()
    assert half.state == State.RUNNING, "it was killed too late to show anything"
    if not waits:
        JobLease.objects.filter(job_id=job.pk).update(leased_until=timezone.now())
    second = worker()

    def ended() -> bool:
        wake_worker(job.organization_id, job.pk, queue)  # what the schedule does every ten seconds
        time.sleep(0.5)
        return state().has_ended

    wait_for(ended)
    assert state().state == State.DONE, state().error
    second.kill()
