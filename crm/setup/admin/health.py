"""What waits in the whole installation, for the operator's first page of the workshop."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.querysets import COUNT_CAP
from crm.events.models import PendingEvent
from crm.jobs.models import JobLease
from crm.mail.models import HeldMail, MailState
from crm.notifications.models import DueItem
from crm.ui import formats


@dataclass(frozen=True)
class Waiting:
    """One queue: how many rows are in it, how many of them are late."""

    label: str
    total: str
    late: int


def what_waits() -> list[Waiting]:
    """Each queue counted to 10,000 at most; late is what should have happened by now."""
    now = timezone.now()
    refused = HeldMail.objects.filter(state__in=[MailState.FAILED, MailState.UNKNOWN])
    return [
        _waiting(_("Events to be handled"), PendingEvent.objects.all(), PendingEvent.objects.filter(attempts__gt=0)),
        _waiting(_("Reminders and other things that fall due"), DueItem.objects.all(), DueItem.objects.filter(next_attempt_at__lt=now)),
        _waiting(_("Jobs that wait or run"), JobLease.objects.all(), JobLease.objects.filter(wake_at__lt=now)),
        _waiting(_("Mails that have not gone out"), HeldMail.objects.all(), refused),
    ]


def _waiting(label: str, rows: Any, late: Any) -> Waiting:
    total, behind = (found.order_by().values("pk")[: COUNT_CAP + 1].count() for found in (rows, late))
    return Waiting(label, formats.number(total) if total <= COUNT_CAP else f"{formats.number(COUNT_CAP)}+", behind)
