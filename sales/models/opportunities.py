"""What a sale in progress is, and what can be asked of it."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields.columns import CurrencyField, MoneyField
from crm.lib.money import LARGEST, amount_text, minor_units, round_money
from crm.records.models import Record, RecordQuerySet
from crm.tenancy.models import Organization, TenantModel
from crm.tenancy.transaction import current_tenancy
from crm.users.models import User
from customers.choices import Source
from sales.choices import ContactRole, ForecastCategory, LossReason, StageKind
from sales.models.pipelines import SEEN, Pipeline, Stage

AGEING, OLD = 1.0, 1.5
"""Of the days that a stage expects: from where on a sale is marked, and from where on in red."""
NEEDED = {StageKind.WON: ("amount", "close_date"), StageKind.LOST: ("loss_reason",), StageKind.OPEN: ()}


class OpportunityQuerySet(RecordQuerySet["Opportunity"]):
    def open(self) -> Self:
        return self.filter(stage__kind=StageKind.OPEN)

    def won(self) -> Self:
        return self.filter(stage__kind=StageKind.WON)

    def lost(self) -> Self:
        return self.filter(stage__kind=StageKind.LOST)

    def without_next_step(self) -> Self:
        return self.filter(next_step="")


class Opportunity(Record):
    """A sale in progress with one customer.

    Whoever changes the stage, on whatever way, enters it: `derive` copies what the stage says, and the database keeps the change
    (StageChange) with the time.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=200)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="opportunities", verbose_name=_("customer"))
    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="+", editable=False, db_index=False, verbose_name=_("pipeline"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False, verbose_name=_("stage"))
    entered_stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False, verbose_name=_("stage")
    )
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now, editable=False)
    probability = models.PositiveSmallIntegerField(
        _("probability"), null=True, blank=True, validators=[MaxValueValidator(100)], help_text=_("In percent. Empty: the stage's.")
    )
    forecast_category = models.CharField(
        _("forecast category"), max_length=10, choices=ForecastCategory, blank=True, help_text=_("Empty: the stage's.")
    )
    amount = MoneyField(_("amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    recurring_amount = MoneyField(
        _("recurring amount"), null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("Each month, beside the amount.")
    )
    currency = CurrencyField(_("currency"), blank=True, help_text=_("Empty: the organization's."))
    close_date = models.DateField(_("close date"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=30, choices=Source, blank=True)
    competitors = models.CharField(_("competitors"), max_length=300, blank=True, help_text=_("Separated by commas."))
    loss_reason = models.CharField(_("loss reason"), max_length=20, choices=LossReason, blank=True)
    description = models.TextField(_("description"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True, help_text=_("The record's key in another system."))
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    name_key: Any = models.GeneratedField(expression=Lower("name"), output_field=models.CharField(max_length=200), db_persist=True)
    amount_key: Any = models.GeneratedField(
        expression=Cast("amount", models.FloatField()), output_field=models.FloatField(null=True), db_persist=True
    )

    derived: ClassVar[tuple[str, ...]] = (
        "pipeline", "entered_stage", "stage_since", "probability", "forecast_category", "closed_at",
    )  # fmt: skip
    told_at: ClassVar[dict[str, str]] = {"opportunity_external_id_unique": "external_id"}
    objects: ClassVar[Any] = OpportunityQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            *Record.Meta.indexes,
            models.Index("organization", "stage", "close_date", "id", name="opportunity_by_stage", condition=Q(deleted_at=None)),
            models.Index("organization", "name_key", "id", name="opportunity_by_name", condition=Q(deleted_at=None)),
            models.Index(
                "organization", F("close_date").asc(nulls_last=True), "id", name="opportunity_by_close", condition=Q(deleted_at=None)
            ),
            models.Index(
                "organization",
                F("amount_key").desc(nulls_last=True),
                F("id").desc(),
                name="opportunity_by_amount",
                condition=Q(deleted_at=None),
            ),
            models.Index("customer", name="opportunity_by_customer", condition=Q(deleted_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=SEEN), name="opportunity_has_a_name", violation_error_message=_("Enter the opportunity's name.")
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__range=(0, LARGEST)))
                & (Q(recurring_amount=None) | Q(recurring_amount__range=(0, LARGEST))),
                name="opportunity_amounts_in_range",
                violation_error_message=_("An amount is out of range. Write 0 or more, with at most 15 digits before the decimals."),
            ),
            models.CheckConstraint(
                condition=Q(probability__range=(0, 100)),
                name="opportunity_probability_is_percent",
                violation_error_message=_("Write a probability of 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(
                    forecast_category__in=ForecastCategory.values,
                    source__in=["", *Source.values],
                    loss_reason__in=["", *LossReason.values],
                    currency__regex=r"^([A-Z]{3})?$",
                ),
                name="opportunity_words_known",
                violation_error_message=_("One of the choices is not known. Choose from the lists."),
            ),
            models.CheckConstraint(condition=Q(entered_stage=F("stage")), name="opportunity_entered_its_stage"),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(deleted_at=None) & ~Q(external_id=""),
                name="opportunity_external_id_unique",
                violation_error_message=_(
                    "Another opportunity already has this external id. Enter a different one, or open that opportunity."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self, organization: Organization) -> None:
        """Entering a stage takes over its pipeline, probability and forecast category. What somebody writes afterwards stays."""
        stage = self._known_stage
        if stage is None:
            return
        entered = bool(self.entered_stage_id)
        if self.entered_stage_id != stage.pk:
            self.pipeline_id, self.entered_stage_id = stage.pipeline_id, stage.pk
            self.stage_since = timezone.now() if entered else self.created_at
            self.closed_at = None if stage.is_open else self.stage_since
            if entered:
                self.probability, self.forecast_category = None, ""
        if self.probability is None or not stage.is_open:
            self.probability = stage.probability
        if not self.forecast_category or not stage.is_open:
            self.forecast_category = stage.forecast_category

    @property
    def _known_stage(self) -> Stage | None:
        """The stage; None where none is chosen yet. Of rows that name it by key each one is read once in a transaction."""
        loaded = self._state.fields_cache.get("stage")
        if loaded is not None or not self.stage_id:
            return loaded
        tenancy = current_tenancy()
        known: dict[int, Stage] = tenancy.kept.setdefault("stages", {}) if tenancy is not None else {}
        if self.stage_id not in known:
            known.update(Stage.objects.filter(organization_id=self.organization_id).in_bulk())
        return known.get(self.stage_id)

    def check_consistency(self, keys: set[str] | None) -> None:
        errors: dict[str, Any] = {}
        stage = self._known_stage
        if stage is not None and (keys is None or "stage" in keys):
            errors |= self.missing_for(stage)
        if keys is None or keys & {"amount", "recurring_amount", "currency"}:
            errors |= self._wrong_amounts()
        if errors:
            raise ValidationError(errors)

    def missing_for(self, stage: Stage) -> dict[str, Any]:
        """What the gate of a stage asks for and is not there: {field: sentence}."""
        needed = dict.fromkeys([*NEEDED[StageKind(stage.kind)], *stage.required_fields])
        return {
            key: _("The stage “%(stage)s” asks for this. Fill it in.") % {"stage": stage.name}
            for key in needed
            if getattr(self, key, None) in (None, "", [])
        }

    def _wrong_amounts(self) -> dict[str, Any]:
        """No smaller parts than the currency has."""
        errors = {}
        for key in ("amount", "recurring_amount"):
            amount = getattr(self, key)
            if amount is None or not self.currency or amount == round_money(amount, self.currency):
                continue
            facts = {"currency": self.currency, "amount": amount_text(round_money(amount, self.currency))}
            places = minor_units(self.currency)
            if places:
                errors[key] = _("%(currency)s has %(places)d decimals. Write %(amount)s, for example.") % {**facts, "places": places}
            else:
                errors[key] = _("%(currency)s has no decimals. Write %(amount)s, for example.") % facts
        return errors

    @property
    def days_in_stage(self) -> int:
        return max(0, (timezone.now() - self.stage_since).days)

    @property
    def age(self) -> str:
        """ "" or "amber" or "red": how far it is beyond the days that its stage expects."""
        expected = self.stage.expected_days
        if not expected or not self.stage.is_open:
            return ""
        part = self.days_in_stage / expected
        return "red" if part >= OLD else "amber" if part >= AGEING else ""


class OpportunityContact(TenantModel):
    """A contact with its role in a sale."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="roles", verbose_name=_("opportunity"))
    contact = models.ForeignKey("customers.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    role = models.CharField(_("role"), max_length=20, choices=ContactRole, default=ContactRole.OTHER)

    class Meta:
        default_permissions = ()
        verbose_name = _("contact of an opportunity")
        verbose_name_plural = _("contacts of opportunities")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "opportunity", "contact"],
                name="opportunity_contact_once",
                violation_error_message=_("This contact has a role in the opportunity already. Change that one."),
            ),
            models.CheckConstraint(condition=Q(role__in=ContactRole.values), name="opportunity_contact_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.get_role_display()}"


class StageChange(TenantModel):
    """That a sale entered a stage. Written by the database with each change, on whatever way it came."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="stage_changes", verbose_name=_("opportunity"))
    before = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("stage before"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False, verbose_name=_("stage"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False, verbose_name=_("by"))
    stayed = models.DurationField(_("time in the stage before"), null=True)
    amount = MoneyField(_("amount"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        indexes = [
            models.Index("opportunity", F("at").desc(), name="stage_change_of_opportunity"),
            models.Index("organization", "stage", "at", name="stage_change_by_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.stage}"
