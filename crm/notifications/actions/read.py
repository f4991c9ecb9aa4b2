from django.utils import timezone

from crm.notifications.models import Notification
from crm.users.models import User


def mark_read(person: User, pk: int) -> bool:
    """Returns whether there was such a notification of this person."""
    mine = Notification.objects.of(person).filter(pk=pk)
    mine.unread().update(read_at=timezone.now())
    return mine.exists()


def mark_all_read(person: User) -> int:
    """Returns how many were unread."""
    return Notification.objects.of(person).unread().update(read_at=timezone.now())
