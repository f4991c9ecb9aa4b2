from crm.notifications.actions.follow import follow, follows, unfollow
from crm.notifications.actions.notify import notify
from crm.notifications.actions.read import mark_all_read, mark_read, mark_unread

__all__ = ["follow", "follows", "mark_all_read", "mark_read", "mark_unread", "notify", "unfollow"]
