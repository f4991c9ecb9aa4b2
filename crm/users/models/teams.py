from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class Team(TenantModel):
    """People who work together. Teams form a tree; who reaches "tree" sees the teams below the own."""

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of"))
    group = models.OneToOneField("auth.Group", models.PROTECT, editable=False, related_name="+")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_unique"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="team_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name
