from django.db import models

from crm.tenancy.models import TenantModel


class Preference(TenantModel):
    """What a person wants to be told by e-mail. Without a row: everything that goes by e-mail."""

    person = models.OneToOneField("users.User", models.CASCADE, related_name="+")
    reminder_mails = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"
