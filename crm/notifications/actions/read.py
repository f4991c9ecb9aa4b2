from datetime import datetime

from django.utils import timezone

from crm.notifications.models import Notification
from crm.users.models import User


def mark_read(person: User, pk: int, *, at: datetime | None = None) -> bool:
    """Returns whether there was such a notification of this person."""
    mine = Notification.objects.of(person).filter(pk=pk)
    mine.unread().update(read_at=at or timezone.now())
    return mine.exists()


def mark_all_read(person: User, *, kind: str = "", at: datetime | None = None) -> int:
    """All, or those of a kind. Returns how many were unread."""
    return Notification.objects.of(person).of_kind(kind).unread().update(read_at=at or timezone.now())


def mark_unread(person: User, *, read_at: datetime) -> int:
    """Take back what was marked as read at that very moment. Returns how many are new again."""
    return Notification.objects.of(person).filter(read_at=read_at).update(read_at=None)
