"""Who sees opportunities: the derived rows, and the shares."""

from django.db import models

from crm.access.models import AccessRow, PersonShare, TeamShare
from sales.models.opportunities import Opportunity


class OpportunityAccess(AccessRow):
    record = models.ForeignKey(Opportunity, models.CASCADE, db_index=False, db_constraint=False, related_name="access")


class OpportunityPersonShare(PersonShare):
    content_object = models.ForeignKey(Opportunity, models.CASCADE, related_name="person_shares")


class OpportunityTeamShare(TeamShare):
    content_object = models.ForeignKey(Opportunity, models.CASCADE, related_name="team_shares")
