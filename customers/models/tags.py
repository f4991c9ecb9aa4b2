from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class Tag(TenantModel):
    """A word that people put on customers and contacts; the list is kept in Setup."""

    name = models.CharField(_("name"), max_length=60)
    hue = models.CharField(_("colour"), max_length=10, default="grey")

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name
