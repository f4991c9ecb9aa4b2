"""The bell: how much a person has not read yet."""

from crm.notifications.models import Notification
from crm.users.models import User

MOST = 99


def unread_count(user: User) -> int:
    """Unread notifications, counted no further than a badge has room for. One statement on a small index."""
    return Notification.objects.of(user).unread()[:MOST].count()
