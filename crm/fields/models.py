"""Fields that an organization adds to its records, without code."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import User

TEXT_LENGTH = 400
CLAIM = "custom_value_claimed"


class CustomKind(models.TextChoices):
    """The kinds that can be added: values of crm.fields.kinds.Kind."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "decimal", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("Choice")
    CHOICES = "choices", _("Several choices")
    URL = "url", _("Web address")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    PERSON = "person", _("Person")


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def kept(self) -> Self:
        """Those that were not removed."""
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.filter(removed_at__isnull=False)


class CustomField(TenantModel):
    """A field of one record type in one organization. Its values stand in the record's column `custom` under `name`.

    `options` are the choices: [{"key", "label", "hue", "offered"}]. `default` is a value as JSON, None for none. `minimum` and `maximum`
    are numbers or ISO days. `filterable` and `unique` fields have rows in crm.records' CustomValue, too; `indexed_at` says since when.
    """

    record_type = models.CharField(max_length=60, editable=False)
    name = models.SlugField(max_length=50, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CustomKind)
    label = models.CharField(_("label"), max_length=80)
    help = models.CharField(_("help"), max_length=300, blank=True)
    section = models.CharField(_("section"), max_length=80, blank=True)
    position = models.IntegerField(default=0)
    required = models.BooleanField(_("required"), default=False)
    unique = models.BooleanField(_("unique"), default=False)
    filterable = models.BooleanField(_("filterable"), default=True)
    searchable = models.BooleanField(_("searchable"), default=False)
    default: Any = models.JSONField(_("default"), null=True, blank=True)
    minimum = models.CharField(_("at least"), max_length=40, blank=True)
    maximum = models.CharField(_("at most"), max_length=40, blank=True)
    pattern = models.CharField(_("pattern"), max_length=300, blank=True)
    pattern_help = models.CharField(_("what the pattern asks for"), max_length=200, blank=True)
    options: Any = models.JSONField(_("choices"), default=list, blank=True)
    indexed_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    objects: ClassVar[Any] = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["record_type", "position", "pk"]
        verbose_name, verbose_name_plural = _("custom field"), _("custom fields")
        constraints = [
            models.UniqueConstraint(fields=["organization", "record_type", "name"], name="custom_field_name_unique"),
            models.CheckConstraint(condition=Q(kind__in=CustomKind.values), name="custom_field_kind_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """By which everything else names it."""
        return f"custom.{self.name}"

    @property
    def is_indexed(self) -> bool:
        """Whether its values are to be found in rows of their own."""
        return (self.filterable or self.unique) and self.kind != CustomKind.LONG_TEXT


class CustomValue(TenantModel):
    """A value of a custom field that is filtered by or unique, where an index can find it: derived from the records' column `custom`.

    `text` is in lower case; `number_key` has the order of `number` in a type whose comparisons may use an index below row-level security.
    `claimed` is what no other record may have. Records in the recycle bin have no rows.
    """

    field = models.ForeignKey(CustomField, models.CASCADE, db_index=False, related_name="values")
    record_id = models.BigIntegerField()
    text = models.CharField(max_length=TEXT_LENGTH, null=True)  # noqa: DJ001  # none and empty are told apart
    number = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    number_key = models.FloatField(null=True)
    day = models.DateField(null=True)
    claimed = models.CharField(max_length=TEXT_LENGTH, null=True)  # noqa: DJ001  # none and empty are told apart

    class Meta:
        indexes = [
            models.Index("organization", "field", "text", "record_id", name="custom_value_by_text", condition=Q(text__isnull=False)),
            models.Index(
                "organization", "field", "number_key", "record_id", name="custom_value_by_number", condition=Q(number__isnull=False)
            ),
            models.Index("organization", "field", "day", "record_id", name="custom_value_by_day", condition=Q(day__isnull=False)),
            models.Index("record_id", "field", name="custom_value_of_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "field", "claimed"],
                name=CLAIM,
                condition=Q(claimed__isnull=False),
                violation_error_message=_("Another record has this value already, and only one may have it."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text or self.number or self.day or "")
