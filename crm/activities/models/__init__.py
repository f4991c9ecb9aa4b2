from crm.activities.models.access import ActivityAccess, ActivityPersonShare, ActivityTeamShare
from crm.activities.models.activities import Activity, ActivityQuerySet
from crm.activities.models.feeds import CalendarFeed
from crm.activities.models.kinds import KINDS, Call, Email, Meeting, Note, Task, TaskQuerySet
from crm.activities.models.links import ActivityLink
from crm.activities.models.submissions import Submission

__all__ = [
    "KINDS",
    "Activity",
    "ActivityAccess",
    "ActivityLink",
    "ActivityPersonShare",
    "ActivityQuerySet",
    "ActivityTeamShare",
    "CalendarFeed",
    "Call",
    "Email",
    "Meeting",
    "Note",
    "Submission",
    "Task",
    "TaskQuerySet",
]
