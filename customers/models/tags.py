from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from customers.choices import Hue
from customers.models.well_formed import SEEN


class Tag(TenantModel):
    """A word that people put on customers and contacts; the list is kept in Setup."""

    name = models.CharField(_("name"), max_length=60)
    hue = models.CharField(_("colour"), max_length=10, choices=Hue, default=Hue.GREY)

    told_at: ClassVar[dict[str, str]] = {"tag_name_unique": "name"}

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="tag_name_unique",
                violation_error_message=_("There is a tag of this name already. Choose another name, or merge the two."),
            ),
            models.CheckConstraint(
                condition=Q(name__regex=SEEN, hue__in=Hue.values),
                name="tag_well_formed",
                violation_error_message=_("A tag has a name, and one of the colours of the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
