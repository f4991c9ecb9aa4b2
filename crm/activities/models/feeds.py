from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import User


class CalendarFeed(TenantModel):
    """The secret address at which a calendar program reads a person's meetings, and tasks if wanted. Only the secret's hash is kept."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    hash = models.CharField(max_length=64, editable=False)
    with_tasks = models.BooleanField(_("with tasks"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person)
