"""Who sees customers and contacts: the derived rows, and the shares."""

from django.db import models

from crm.access.models import AccessRow, PersonShare, TeamShare
from customers.models.contacts import Contact
from customers.models.customers import Customer


class CustomerAccess(AccessRow):
    record = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="access")


class CustomerPersonShare(PersonShare):
    content_object = models.ForeignKey(Customer, models.CASCADE, related_name="person_shares")


class CustomerTeamShare(TeamShare):
    content_object = models.ForeignKey(Customer, models.CASCADE, related_name="team_shares")


class ContactAccess(AccessRow):
    record = models.ForeignKey(Contact, models.CASCADE, db_index=False, db_constraint=False, related_name="access")


class ContactPersonShare(PersonShare):
    content_object = models.ForeignKey(Contact, models.CASCADE, related_name="person_shares")


class ContactTeamShare(TeamShare):
    content_object = models.ForeignKey(Contact, models.CASCADE, related_name="team_shares")
