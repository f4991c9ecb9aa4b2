"""What a person may do: one reach per record type and verb, one level per record type and field."""

from typing import Any

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class Verb(models.TextChoices):
    VIEW = "view", _("View")
    CREATE = "create", _("Create")
    CHANGE = "change", _("Edit")
    DELETE = "delete", _("Delete")
    EXPORT = "export", _("Export")
    SHARE = "share", _("Share")


class Reach(models.TextChoices):
    """On whose records: each one holds the one before it."""

    NONE = "none", _("None")
    OWN = "own", _("Own")
    TEAM = "team", _("Team")
    TREE = "tree", _("Teams below")
    ALL = "all", _("All")


class FieldLevel(models.TextChoices):
    HIDDEN = "hidden", _("Hidden")
    MASKED = "masked", _("Masked")
    READ = "read", _("Read")
    EDIT = "edit", _("Edit")


NAMES = {
    "administrator": gettext_noop("Administrator"),
    "sales-manager": gettext_noop("Sales manager"),
    "sales-rep": gettext_noop("Sales rep"),
    "marketer": gettext_noop("Marketer"),
    "support-manager": gettext_noop("Support manager"),
    "support-agent": gettext_noop("Support agent"),
    "read-only": gettext_noop("Read only"),
}
"""Of the ready roles, by key."""


class Role(TenantModel):
    """A named set of rights. `reaches` is {record type: {verb: reach}}, `levels` is {record type: {field: level}}.

    A record type or verb that is not named is out of reach; a field that is not named may be edited.
    An administrator's role reaches everything, also record types that come later.
    """

    name = models.CharField(_("name"), max_length=100)
    key = models.SlugField(_("key"), max_length=60, help_text=_("Names the ready roles; never changes."))
    description = models.CharField(_("description"), max_length=300, blank=True)
    is_administrator = models.BooleanField(_("administers the organization"), default=False)
    requires_second_factor = models.BooleanField(_("requires a second factor"), default=False)
    reaches: Any = models.JSONField(default=dict, blank=True)
    levels: Any = models.JSONField(default=dict, blank=True)
    start_views: Any = models.JSONField(default=dict, blank=True, editable=False, help_text=_("{record type: saved view} of lists."))
    home: Any = models.JSONField(null=True, blank=True, editable=False, help_text=_("Keys of the panels of the first page, in order."))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="role_key_unique"),
            models.UniqueConstraint(fields=["organization", "name"], name="role_name_unique"),
        ]

    def __str__(self) -> str:
        """A ready role's name in the reader's language, as long as the organization has not changed it."""
        return gettext(self.name) if NAMES.get(self.key) == self.name else self.name

    @property
    def purpose(self) -> str:
        """The description; a ready role's own one in the reader's language."""
        return gettext(self.description) if self.description and self.key in NAMES else self.description

    def reach(self, record_type: str, verb: str) -> Reach:
        """How far the role reaches on records of this type with this verb."""
        if self.is_administrator:
            return Reach.ALL
        return Reach(self.reaches.get(record_type, {}).get(verb, Reach.NONE))

    def level(self, record_type: str, field: str) -> FieldLevel:
        """What the role may do with one field of records that it reaches."""
        return FieldLevel(self.levels.get(record_type, {}).get(field, FieldLevel.EDIT))
