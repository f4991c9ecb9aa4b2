from crm.activities.actions.attendees import attendees_by_activity, attendees_of, set_attendees
from crm.activities.actions.links import link_activity, refresh_last_activity, unlink_activity
from crm.activities.actions.mentions import Mentions, mentions_in, tell_mentioned_later
from crm.activities.actions.tasks import complete_task, reopen_task, snooze_task
from crm.activities.actions.write import create_task, log_call, log_email, plan_meeting, write_note

__all__ = [
    "Mentions",
    "attendees_by_activity",
    "attendees_of",
    "complete_task",
    "create_task",
    "link_activity",
    "log_call",
    "log_email",
    "mentions_in",
    "plan_meeting",
    "refresh_last_activity",
    "reopen_task",
    "set_attendees",
    "snooze_task",
    "tell_mentioned_later",
    "unlink_activity",
    "write_note",
]
