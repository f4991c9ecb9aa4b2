"""The abstract record: an organization's row with an owner, a team, a version, and who touched it when."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access.querysets import VisibleQuerySet
from crm.fields.custom import PATH, PREFIX, json_value, python_value
from crm.fields.kinds import Kind
from crm.fields.record_types import record_types
from crm.records.asked import Asked
from crm.tenancy.models import Organization, TenantModel
from crm.tenancy.transaction import current_tenancy
from crm.users.models import Team, User

M = TypeVar("M", bound=models.Model)


class RecordQuerySet(VisibleQuerySet[M]):
    """Questions about records: start with `visible_to(user)` or `permitted_to(user, verb)`."""


class Record(TenantModel):
    """A noun that people work with. Changed only by actions; `version` grows by one with each change.

    A record's team is its owner's unless an action set another one. Deleted records stay, with `deleted_at`, in the recycle bin.
    Who made or changed it is written by actions alone: no constraint looks that up with every row of an import.
    """

    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("created by"),
    )
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("changed by"),
    )
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    deleted_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("deleted by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    custom: Any = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), editable=False)
    """Values of the fields that the organization added, by name. They read like columns: getattr(record, "custom.warranty")."""

    objects: ClassVar[Any] = RecordQuerySet.as_manager()
    derived: ClassVar[tuple[str, ...]] = ()
    asked: ClassVar[tuple[Asked, ...]] = ()
    told_at: ClassVar[dict[str, str]] = {}
    """Of derived columns and of constraints, by name: the field in which a person mends what is wrong there."""

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view")
        indexes = [
            models.Index("organization", F("updated_at").desc(), F("id").desc(), name="%(class)s_newest", condition=Q(deleted_at=None)),
            models.Index("organization", "owner", name="%(class)s_by_owner", condition=Q(deleted_at=None)),
            models.Index("organization", F("deleted_at").desc(), name="%(class)s_bin", condition=Q(deleted_at__isnull=False)),
        ]

    def __getattr__(self, name: str) -> Any:
        """Asked for what is no attribute: the value of a custom field, by its key or its path; `_id` gives the key of a person."""
        if not name.startswith((PREFIX, PATH)):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        plain = name.removeprefix(PREFIX).removeprefix(PATH)
        fields = record_types.of(self).fields
        field = fields.get(PREFIX + plain)
        if field is None:
            field = fields.get(PREFIX + plain.removesuffix("_id"))
            if field is None or not plain.endswith("_id"):
                raise AttributeError(f"{type(self).__name__} has no field {name}")
            return self.custom.get(plain.removesuffix("_id"))
        value = python_value(field, self.custom.get(plain))
        return self._person(value) if field.kind == Kind.PERSON and value is not None else value

    def _person(self, pk: int) -> User | None:
        """Asked once for all records of a block: bulk writes name the same few people again and again, and may not ask in the middle."""
        known = _people()
        if pk not in known:
            known[pk] = User.objects.of_organization(self.organization_id).filter(pk=pk).first()
        return known[pk]

    def fill(self, values: Mapping[str, Any]) -> None:
        """Set many columns by their names, without what assigning each of them costs, and custom fields by their keys."""
        custom = [key for key in values if key.startswith(PREFIX)]
        self.__dict__.update({key: value for key, value in values.items() if key not in custom} if custom else values)
        for key in custom:
            self.put(key, values[key])

    def put(self, key: str, value: Any) -> None:
        """Set a field by its key, custom ones too. What is empty leaves no trace."""
        field = record_types.of(self).fields.get(key) if key.startswith(PREFIX) else None
        if field is None:
            setattr(self, key, value)
            return
        if isinstance(value, User):
            _people()[value.pk] = value
        raw, name = json_value(field, value), key.removeprefix(PREFIX)
        self.custom = {other: kept for other, kept in self.custom.items() if other != name} | ({} if raw is None else {name: raw})

    def get_absolute_url(self) -> str:
        return reverse(f"{self._meta.model_name}-detail", args=[self.pk])

    def derive(self, organization: Organization) -> None:
        """Set the columns named in `derived` from the others, before each write."""

    @classmethod
    def unique_further(cls, organization: Organization) -> dict[str, str]:
        """Of fields with further values, which of these only one record may have: {field: the derived column that holds its key}."""
        return {}

    def check_consistency(self, keys: set[str] | None) -> None:
        """Raise ValidationError, by field, where fields contradict each other. `keys` are those that change, None for all."""


def _people() -> dict[int, User | None]:
    tenancy = current_tenancy()
    return tenancy.kept.setdefault("people", {}) if tenancy is not None else {}
