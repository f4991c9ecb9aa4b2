from typing import Any

from django.db import models
from django.utils import timezone

from crm.users.models.users import User


class PromisedOrganization(models.Model):
    """What a stranger asked for at sign-up. It begins when the address is verified; before that there is no organization.

    Written and read before a tenant is known. Nightly, those that nobody verified go, with the person.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="promised")
    name = models.CharField(max_length=200)
    settings: Any = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
