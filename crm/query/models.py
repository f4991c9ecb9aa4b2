"""A list that somebody keeps: filters, columns and order under a name."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import Team, User


class Audience(models.TextChoices):
    ME = "me", _("Only me")
    TEAM = "team", _("My team")
    ALL = "all", _("Everybody")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, user: User) -> Self:
        """Own views, those of the team and those for everybody, in their order."""
        if user.organization_id is None:
            return self.none()
        offered = Q(owner=user) | Q(audience=Audience.ALL)
        if user.team_id is not None:
            offered |= Q(audience=Audience.TEAM, team_id=user.team_id)
        return self.filter(offered, organization_id=user.organization_id).order_by("position", "pk")


class SavedView(TenantModel):
    """`rule` is the JSON of crm.query.rules, `columns` field keys, `sort` as in the address. Empty columns and sort mean the usual ones.

    It is asked under the access of whoever opens it, never of its owner.
    """

    record_type = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("owner"))
    audience = models.CharField(_("who sees it"), max_length=4, choices=Audience, default=Audience.ME)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+", editable=False)
    rule: Any = models.JSONField(default=dict)
    columns: Any = models.JSONField(default=list, blank=True)
    sort = models.CharField(max_length=120, blank=True)
    size = models.PositiveSmallIntegerField(default=50, validators=[MinValueValidator(25), MaxValueValidator(100)])
    position = models.IntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["organization", "record_type", "position"], name="saved_view_order")]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "record_type",
                "owner",
                Lower("name"),
                name="saved_view_name_unique",
                violation_error_message=_("You have a view of this name already. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
