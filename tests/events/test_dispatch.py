"""What follows a change: each handler once, a failing one again and again, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from crm.events import outbox
from crm.events.models import Event, PendingEvent
from crm.events.tasks import dispatch_events
from crm.runtime import doctor
from crm.users.models import User

KIND = "kettle.boiled"


class Listeners:
    """One that always can, one that can only while `well`."""

    def __init__(self) -> None:
        self.well, self.heard, self.tried = False, 0, 0

    def quiet(self, event: Event) -> None:
        self.heard += 1

    def moody(self, event: Event) -> None:
        self.tried += 1
        if not self.well:
            raise RuntimeError("no")


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listeners]:
    both = Listeners()
    monkeypatch.setitem(outbox.handlers, KIND, [both.quiet, both.moody])
    yield both


@pytest.fixture
def happened(alice: User, listeners: Listeners) -> Event:
    outbox.record_event(KIND, None, by=alice)
    return Event.objects.get(kind=KIND)


def later(times: int = 1) -> None:
    for _ in range(times):
        PendingEvent.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        dispatch_events()


def test_a_handler_that_fails_is_tried_again_and_the_others_are_not_called_twice(happened: Event, listeners: Listeners) -> None:
    later(3)
    assert (listeners.heard, listeners.tried) == (1, 3)
    listeners.well = True
    later(2)
    assert (listeners.heard, listeners.tried) == (1, 4)
    assert not PendingEvent.objects.filter(event_id=happened.pk).exists()


def test_what_failed_for_good_is_kept_named_by_the_doctor_and_tried_again_on_demand(happened: Event, listeners: Listeners) -> None:
    assert not doctor.follow_ups().wrong
    later(settings.EVENT_ATTEMPTS + 3)
    assert listeners.tried == settings.EVENT_ATTEMPTS
    found = doctor.follow_ups()
    assert found.wrong
    assert "retry_events" in found.sentence
    listeners.well, out = True, StringIO()
    call_command("retry_events", stdout=out)
    assert "1 changes are followed up again" in out.getvalue()
    dispatch_events()
    assert (listeners.heard, listeners.tried) == (1, settings.EVENT_ATTEMPTS + 1)
    assert not doctor.follow_ups().wrong
