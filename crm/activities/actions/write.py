"""Writing down what was done, and what is to be done. Each is checked, audited, found and announced like every record."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from crm.access.decisions import require
from crm.activities.actions.attendees import set_attendees
from crm.activities.actions.links import hang, happened, key_of
from crm.activities.actions.mentions import tell_mentioned
from crm.activities.hanging import with_companions
from crm.activities.models import Activity, Call, Email, Meeting, Note, Submission, Task
from crm.records.actions import create_record
from crm.users.models import User

A = TypeVar("A", bound=Activity)


def write_note(on: Sequence[Any], *, by: User, token: str = "", **values: Any) -> Note:
    """Write a note on some records. People whose @name stands in it are told, if they see the first of the records."""
    return _write(Note, on, by=by, token=token, **values)


def log_call(on: Sequence[Any], *, by: User, token: str = "", **values: Any) -> Call:
    """Write down a call: direction, outcome, duration_seconds, body; `at` is now unless given."""
    return _write(Call, on, by=by, token=token, **values)


def log_email(on: Sequence[Any], *, by: User, token: str = "", **values: Any) -> Email:
    """Write down an e-mail that was sent or received elsewhere: direction, subject, body, sender, recipients, at."""
    return _write(Email, on, by=by, token=token, **values)


@transaction.atomic
def plan_meeting(on: Sequence[Any], *, by: User, token: str = "", attendees: Iterable[User] = (), **values: Any) -> Meeting:
    """A meeting with the records' people: subject, at, end_at, all_day, place, body, remind_at; `attendees` are colleagues."""
    meeting = _write(Meeting, on, by=by, token=token, **values)
    set_attendees(meeting, attendees, by=by)
    return meeting


def create_task(on: Sequence[Any], *, by: User, token: str = "", **values: Any) -> Task:
    """Something to be done: subject, due_at, remind_at, priority, repeat, body, owner. The reminder fires at its minute."""
    return _write(Task, on, by=by, token=token, **values)


@transaction.atomic
def _write(model: type[A], on: Sequence[Any], *, by: User, token: str, **values: Any) -> A:
    """One activity on all the records and what belongs to them. The same `token` again returns what the first one made."""
    submission, done = _submitted(model, by, token)
    if done is not None:
        return done
    for record in on:
        require(by, "view", record)
    activity = create_record(model, by=by, **values)
    keys = [key_of(record) for record in with_companions(on, by)]
    hang(activity, keys)
    happened(activity, keys)
    if submission is not None:
        submission.activity = activity
        submission.save(update_fields=["activity"])
    if on and model is Note:
        tell_mentioned(activity, on[0], by=by)
    return activity


def _submitted(model: type[A], by: User, token: str) -> tuple[Submission | None, A | None]:
    """The mark that this form was sent, or what its first sending made. A second one waits here until the first is committed."""
    if not token:
        return None, None
    same = {"organization_id": by.organization_id, "person": by, "token": token[:64]}
    try:
        with transaction.atomic():
            return Submission.objects.create(**same), None
    except IntegrityError:
        made: Any = Submission.objects.get(**same).activity
        return None, made
