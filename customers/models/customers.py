from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Greatest, Least, Lower
from django.utils.translation import gettext_lazy as _

from crm.fields.columns import CountryField, CurrencyField, EmailColumn, LanguageField, MoneyField, PhoneField
from crm.lib.countries import Address, check_address
from crm.lib.domains import domain_of, domain_of_email
from crm.lib.invalid import InvalidValue
from crm.lib.money import LARGEST, amount_text, minor_units, round_money
from crm.lib.tax_numbers import normalise_registration_number, normalise_tax_number
from crm.lib.text import fold
from crm.records.models import Record, RecordQuerySet
from crm.tenancy.models import Organization, TenantModel
from crm.users.models import User
from customers.choices import MUTUAL, Channel, CustomerKind, Industry, Lifecycle, RelationshipKind, Source
from customers.models.family import MOST_LEVELS, wrong_place
from customers.models.tags import Tag
from customers.models.well_formed import SEEN, well_formed_customer

ADDRESSES = {
    use: tuple(f"{use}_{part}" for part in ("street", "city", "postal_code", "region", "country")) for use in ("billing", "shipping")
}


class CustomerQuerySet(RecordQuerySet["Customer"]):
    def companies(self) -> Self:
        return self.filter(kind=CustomerKind.COMPANY)

    def quiet_since(self, moment: Any) -> Self:
        """Without any activity since the moment."""
        return self.filter(Q(last_activity_at__lt=moment) | Q(last_activity_at=None, created_at__lt=moment))


class Customer(Record):
    """A company or a person that the organization does or wants to do business with."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind, default=CustomerKind.COMPANY)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries", db_index=False, verbose_name=_("parent")
    )
    lifecycle = models.CharField(_("lifecycle"), max_length=20, choices=Lifecycle, default=Lifecycle.PROSPECT)
    industry = models.CharField(_("industry"), max_length=30, choices=Industry, blank=True)
    size = models.PositiveIntegerField(
        _("employees"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10_000_000)]
    )
    annual_revenue = MoneyField(_("annual revenue"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"), blank=True, help_text=_("Of the annual revenue. Empty: the organization's."))
    website = models.URLField(_("website"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=200, blank=True, editable=False)
    email = EmailColumn(_("e-mail"), blank=True)
    phone = PhoneField(_("phone"), blank=True)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    billing_street = models.CharField(_("billing street"), max_length=200, blank=True)
    billing_city = models.CharField(_("billing city"), max_length=100, blank=True)
    billing_postal_code = models.CharField(_("billing postal code"), max_length=20, blank=True)
    billing_region = models.CharField(_("billing region"), max_length=100, blank=True)
    billing_country = CountryField(_("billing country"), blank=True)
    shipping_same_as_billing = models.BooleanField(_("shipping same as billing"), default=False)
    shipping_street = models.CharField(_("shipping street"), max_length=200, blank=True)
    shipping_city = models.CharField(_("shipping city"), max_length=100, blank=True)
    shipping_postal_code = models.CharField(_("shipping postal code"), max_length=20, blank=True)
    shipping_region = models.CharField(_("shipping region"), max_length=100, blank=True)
    shipping_country = CountryField(_("shipping country"), blank=True)
    source = models.CharField(_("source"), max_length=30, choices=Source, blank=True)
    tags: Any = models.ManyToManyField(Tag, through="CustomerTag", blank=True, related_name="customers", verbose_name=_("tags"))
    preferred_channel = models.CharField(_("preferred channel"), max_length=10, choices=Channel, blank=True)
    preferred_language = LanguageField(_("preferred language"), blank=True)
    topics = models.CharField(_("topics of interest"), max_length=300, blank=True, help_text=_("Separated by commas."))
    description = models.TextField(_("description"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True, help_text=_("The record's key in another system."))
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    unique_name = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001  # null: names may repeat here
    unique_domain = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001  # null: domains may repeat here
    unique_tax_number = models.CharField(max_length=60, null=True, editable=False)  # noqa: DJ001  # null: numbers may repeat here
    name_key: Any = models.GeneratedField(expression=Lower("name"), output_field=models.CharField(max_length=200), db_persist=True)
    email_key: Any = models.GeneratedField(expression=Lower("email"), output_field=models.CharField(max_length=254), db_persist=True)
    revenue_key: Any = models.GeneratedField(
        expression=Cast("annual_revenue", models.FloatField()), output_field=models.FloatField(null=True), db_persist=True
    )

    derived: ClassVar[tuple[str, ...]] = ("domain", "unique_name", "unique_domain", "unique_tax_number")
    told_at: ClassVar[dict[str, str]] = {
        "unique_name": "name",
        "unique_domain": "website",
        "unique_tax_number": "tax_number",
        "customer_not_its_own_parent": "parent",
        "customer_ships_to_one_address": "shipping_same_as_billing",
        "customer_ships_somewhere": "shipping_same_as_billing",
    }
    objects: ClassVar[Any] = CustomerQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            *Record.Meta.indexes,
            models.Index("organization", "name_key", "id", name="customer_by_name", condition=Q(deleted_at=None)),
            models.Index("organization", "lifecycle", F("updated_at").desc(), name="customer_by_lifecycle", condition=Q(deleted_at=None)),
            models.Index(
                "organization", "billing_country", F("updated_at").desc(), name="customer_by_country", condition=Q(deleted_at=None)
            ),
            models.Index("organization", "industry", F("updated_at").desc(), name="customer_by_industry", condition=Q(deleted_at=None)),
            models.Index(
                "organization",
                F("revenue_key").desc(nulls_last=True),
                F("id").desc(),
                name="customer_by_revenue",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                "organization",
                F("last_activity_at").desc(nulls_last=True),
                F("id").desc(),
                name="customer_by_activity",
                condition=Q(deleted_at=None),
            ),
            models.Index("organization", F("created_at").desc(), F("id").desc(), name="customer_by_created", condition=Q(deleted_at=None)),
            models.Index("organization", "domain", name="customer_by_domain", condition=~Q(domain="")),
            models.Index("organization", "email_key", "id", name="customer_by_email", condition=Q(deleted_at=None)),
            models.Index("parent", name="customer_by_parent", condition=Q(parent__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=SEEN), name="customer_has_a_name", violation_error_message=_("Enter the customer's name.")
            ),
            models.CheckConstraint(
                condition=Q(annual_revenue=None) | Q(annual_revenue__range=(0, LARGEST)),
                name="customer_revenue_in_range",
                violation_error_message=_("Annual revenue is out of range. Write 0 or more, with at most 15 digits before the decimals."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="customer_not_its_own_parent",
                violation_error_message=_("A customer cannot be its own parent. Choose another one."),
            ),
            models.CheckConstraint(
                condition=Q(shipping_same_as_billing=False)
                | Q(shipping_street="", shipping_city="", shipping_postal_code="", shipping_region="", shipping_country=""),
                name="customer_ships_to_one_address",
                violation_error_message=_("There is a shipping address of its own. Empty it, or untick “same as billing”."),
            ),
            models.CheckConstraint(
                condition=Q(shipping_same_as_billing=False)
                | ~Q(billing_street="", billing_city="", billing_postal_code="", billing_region="", billing_country=""),
                name="customer_ships_somewhere",
                violation_error_message=_("There is no billing address to ship to. Fill it in, or untick “same as billing”."),
            ),
            *well_formed_customer(),
            models.UniqueConstraint(
                fields=["organization", "unique_name"],
                condition=Q(deleted_at=None, unique_name__isnull=False),
                name="customer_name_unique",
                violation_error_message=_("There is a customer with this name already, and your organization wants names to be unique."),
            ),
            models.UniqueConstraint(
                fields=["organization", "unique_domain"],
                condition=Q(deleted_at=None, unique_domain__isnull=False),
                name="customer_domain_unique",
                violation_error_message=_(
                    "There is a customer with this domain already, and your organization wants domains to be unique."
                ),
            ),
            models.UniqueConstraint(
                fields=["organization", "unique_tax_number"],
                condition=Q(deleted_at=None, unique_tax_number__isnull=False),
                name="customer_tax_number_unique",
                violation_error_message=_(
                    "There is a customer with this tax number already, and your organization wants tax numbers to be unique."
                ),
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(deleted_at=None) & ~Q(external_id=""),
                name="customer_external_id_unique",
                violation_error_message=_("Another customer already has this external id. Enter a different one, or open that customer."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def check_consistency(self, keys: set[str] | None) -> None:
        errors: dict[str, Any] = {}
        for use in ("billing", "shipping"):
            if (keys is None or any(key.startswith(f"{use}_") for key in keys)) and self._has_address(use):
                errors |= {f"{use}_{problem.field}": problem.message for problem in check_address(self._address(use))}
        errors |= self._wrong_shipping(keys)
        errors |= self._wrong_numbers(keys)
        if keys is None or keys & {"annual_revenue", "currency"}:
            errors |= self._wrong_amount()
        if keys is None or "parent" in keys:
            errors |= self._misplaced()
        if errors:
            raise ValidationError(errors)

    def _wrong_shipping(self, keys: set[str] | None) -> dict[str, Any]:
        """Goods go to the billing address, or to one of their own: never to both."""
        asked = keys is None or any(key.startswith(("shipping_", "billing_")) for key in keys)
        if not asked or not self.shipping_same_as_billing:
            return {}
        if not self._address("shipping").is_empty:
            message = _("There is a shipping address of its own. Empty it, or untick “same as billing”.")
        elif self._address("billing").is_empty:
            message = _("There is no billing address to ship to. Fill it in, or untick “same as billing”.")
        else:
            return {}
        return {"shipping_same_as_billing": message}

    def _wrong_amount(self) -> dict[str, Any]:
        """No smaller parts than the currency has."""
        if self.annual_revenue is None or not self.currency or self.annual_revenue == round_money(self.annual_revenue, self.currency):
            return {}
        facts = {"currency": self.currency, "amount": amount_text(round_money(self.annual_revenue, self.currency))}
        places = minor_units(self.currency)
        if not places:
            return {"annual_revenue": _("%(currency)s has no decimals. Write %(amount)s, for example.") % facts}
        return {"annual_revenue": _("%(currency)s has %(places)d decimals. Write %(amount)s, for example.") % {**facts, "places": places}}

    def _wrong_numbers(self, keys: set[str] | None) -> dict[str, str]:
        """Tax and registration numbers by the rules of the billing country; well written ones take their usual form."""
        errors = {}
        for key, normalise in (("tax_number", normalise_tax_number), ("registration_number", normalise_registration_number)):
            if getattr(self, key) and (keys is None or key in keys):
                try:
                    setattr(self, key, normalise(getattr(self, key), self.billing_country))
                except InvalidValue as error:
                    errors[key] = str(error)
        return errors

    def _misplaced(self) -> dict[str, Any]:
        place = wrong_place(self) if self.parent_id else ""
        if place == "circle":
            return {"parent": _("This would make a circle: that customer is below this one already. Choose another parent.")}
        if place == "deep":
            return {
                "parent": _("This would make more than %(most)d levels of subsidiaries. Choose a parent higher up.") % {"most": MOST_LEVELS}
            }
        return {}

    def derive(self, organization: Organization) -> None:
        self.domain = domain_of(self.website) or domain_of_email(self.email)
        self.unique_name = fold(self.name)[:200] if organization.unique_customer_names else None
        self.unique_domain = (self.domain or None) if organization.unique_customer_domains else None
        self.unique_tax_number = self._tax_number_key() if self.tax_number and organization.unique_tax_numbers else None

    def _tax_number_key(self) -> str:
        """The number in its usual writing, letters and digits alone: what two customers are compared by."""
        try:
            number = normalise_tax_number(self.tax_number, self.billing_country)
        except InvalidValue:
            number = self.tax_number
        return "".join(filter(str.isalnum, number)).upper()[:60]

    @property
    def phone_country(self) -> str:
        """Where numbers without a country code belong; empty where it is not known."""
        return str(self.billing_country or self.shipping_country)

    @property
    def billing_address(self) -> Address:
        return self._address("billing")

    @property
    def shipping_address(self) -> Address:
        """Where goods go: its own one, or the billing address."""
        return self._address("billing" if self.shipping_same_as_billing else "shipping")

    def _has_address(self, use: str) -> bool:
        return any(getattr(self, key) for key in ADDRESSES[use])

    def _address(self, use: str) -> Address:
        return Address(*[getattr(self, key) for key in ADDRESSES[use]])


class CustomerTag(TenantModel):
    """That a customer carries a tag."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization", "customer", "tag"], name="customer_tag_once")]
        indexes = [models.Index(fields=["tag", "customer"], name="customers_of_tag")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.tag_id}"


class Relationship(TenantModel):
    """How one customer stands to another: "Partner of", "Supplied by". Read in both directions, each with its own name."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="relationships", verbose_name=_("customer"))
    kind = models.CharField(_("relationship"), max_length=20, choices=RelationshipKind)
    other = models.ForeignKey(Customer, models.CASCADE, related_name="relationships_of_others", verbose_name=_("other customer"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    told_at: ClassVar[dict[str, str]] = dict.fromkeys(
        ["relationship_once", "relationship_once_if_mutual", "relationship_with_another"], "other"
    )

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "kind", "other"],
                name="relationship_once",
                violation_error_message=_("These two customers are related in this way already."),
            ),
            models.UniqueConstraint(
                "organization",
                "kind",
                Least("customer", "other"),
                Greatest("customer", "other"),
                condition=Q(kind__in=MUTUAL),
                name="relationship_once_if_mutual",
                violation_error_message=_("These two customers are related in this way already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RelationshipKind.values),
                name="relationship_kind_known",
                violation_error_message=_("This is none of the relationships. Choose one from the list."),
            ),
            models.CheckConstraint(
                condition=~Q(customer=F("other")),
                name="relationship_with_another",
                violation_error_message=_("A customer cannot be related to itself. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_kind_display()} {self.other}"

    def get_kind(self) -> RelationshipKind:
        return RelationshipKind(self.kind)

    def in_words_of(self, customer: Customer) -> str:
        """As the page of one of the two says it: "Supplied by Vattvik", on the other page "Supplier of Halden"."""
        kind = self.get_kind()
        return f"{kind.label} {self.other}" if customer.pk == self.customer_id else f"{kind.inverse} {self.customer}"
