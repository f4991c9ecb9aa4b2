"""The organization, and what every row that belongs to one has."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

CURRENT_ORGANIZATION = "nullif(current_setting('crm.organization_id', true), '')::bigint"


class DateFormat(models.TextChoices):
    ISO = "Y-m-d", _("2026-11-22")
    DAY_MONTH_DOTS = "d.m.Y", _("22.11.2026")
    DAY_MONTH_SLASHES = "d/m/Y", _("22/11/2026")
    MONTH_DAY_SLASHES = "m/d/Y", _("11/22/2026")
    DAY_MONTH_NAME = "j M Y", _("22 Nov 2026")


class Organization(models.Model):
    """A company that uses this installation. Read before a tenant is known, so it holds no customer data."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), unique=True, help_text=_("Used in commands and addresses."))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Telephone numbers without a country code belong here."))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    date_format = models.CharField(_("date format"), max_length=10, choices=DateFormat, default=DateFormat.DAY_MONTH_NAME)
    idle_minutes = models.PositiveSmallIntegerField(
        _("sessions end without activity after"), null=True, blank=True, validators=[MinValueValidator(5)], help_text=_("In minutes.")
    )
    watch_opened = models.PositiveIntegerField(
        _("notice of records opened in an hour"), null=True, blank=True, default=300, db_default=300, validators=[MinValueValidator(1)]
    )
    watch_listed = models.PositiveIntegerField(
        _("notice of rows listed in a day"), null=True, blank=True, default=20_000, db_default=20_000, validators=[MinValueValidator(1)]
    )
    watch_exported = models.PositiveIntegerField(
        _("notice of rows exported in a day"), null=True, blank=True, default=10_000, db_default=10_000, validators=[MinValueValidator(1)]
    )
    watch_devices = models.BooleanField(_("notice of new devices"), default=True, db_default=True)
    unique_customer_names = models.BooleanField(_("customer names are unique"), default=False)
    unique_contact_emails = models.BooleanField(_("contact e-mail addresses are unique"), default=True)
    unique_customer_domains = models.BooleanField(_("customer domains are unique"), default=False)
    unique_tax_numbers = models.BooleanField(_("tax numbers are unique"), default=False)
    fields_version = models.CharField(max_length=36, default="", db_default="", editable=False)
    """Changes with every change of the custom fields, so that what a process knows of them can be kept until then."""
    first_steps_closed = models.BooleanField(default=False, db_default=False, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(condition=models.Q(fiscal_year_start__range=(1, 12)), name="organization_fiscal_year_start_is_a_month"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> int:
        """Itself: the log and the outbox ask every record whose it is."""
        return self.pk


def organization_default() -> RawSQL:
    """The tenant of the transaction, as a database default: rows that a library inserts get it, too."""
    return RawSQL(CURRENT_ORGANIZATION, [], output_field=models.BigIntegerField())  # noqa: S611  # a constant


class TenantModel(models.Model):
    """A row of one organization. Its table needs `EnableTenantPolicy` in the migration that makes it."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, db_default=organization_default(), editable=False, related_name="+", verbose_name=_("organization")
    )

    class Meta:
        abstract = True
