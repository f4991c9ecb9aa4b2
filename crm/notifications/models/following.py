from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class Following(TenantModel):
    """That a person wants to be told of what changes on a record."""

    person = models.ForeignKey("users.User", models.CASCADE, related_name="+", db_index=False)
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organization", "record_type", "record_id", "person"], name="followed_once"),
        ]
        indexes = [models.Index(fields=["person", "record_type"], name="followed_by")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.record_type}:{self.record_id}"
