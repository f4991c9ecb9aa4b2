"""The bell: how much a person has not read yet."""

from django.db.models import QuerySet

from crm.notifications.models import Notification
from crm.users.models import User

MOST = 99


def unread(user: User) -> QuerySet[Notification]:
    """What the person has not read, for the bell of the sidebar."""
    return Notification.objects.of(user).unread()


def unread_count(user: User) -> int:
    """Unread notifications, counted no further than a badge has room for. One statement on a small index."""
    return unread(user)[:MOST].count()
