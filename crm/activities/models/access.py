"""Who sees activities on their own account: the derived rows, and the shares. What they hang on counts besides."""

from django.db import models

from crm.access.models import AccessRow, PersonShare, TeamShare
from crm.activities.models.activities import Activity


class ActivityAccess(AccessRow):
    record = models.ForeignKey(Activity, models.CASCADE, db_index=False, db_constraint=False, related_name="access")


class ActivityPersonShare(PersonShare):
    content_object = models.ForeignKey(Activity, models.CASCADE, related_name="person_shares")


class ActivityTeamShare(TeamShare):
    content_object = models.ForeignKey(Activity, models.CASCADE, related_name="team_shares")
