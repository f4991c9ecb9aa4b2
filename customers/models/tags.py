from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from customers.choices import Hue


class Tag(TenantModel):
    """A word that people put on customers and contacts; the list is kept in Setup."""

    name = models.CharField(_("name"), max_length=60)
    hue = models.CharField(_("colour"), max_length=10, choices=Hue, default=Hue.GREY)

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
            )
        ]

    def __str__(self) -> str:
        return self.name
