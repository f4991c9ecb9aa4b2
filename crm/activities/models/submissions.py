from django.db import models

from crm.activities.models.activities import Activity
from crm.tenancy.models import TenantModel


class Submission(TenantModel):
    """That a form has been sent: a second one with the same token finds the activity that the first one made."""

    person = models.ForeignKey("users.User", models.CASCADE, related_name="+", db_index=False)
    token = models.CharField(max_length=64)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization", "person", "token"], name="submission_once")]

    def __str__(self) -> str:
        return self.token
