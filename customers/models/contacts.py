from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields.columns import CountryField, EmailColumn, LanguageField, PhoneField
from crm.lib.countries import Address, check_address
from crm.lib.email_addresses import email_key
from crm.records.asked import Asked
from crm.records.models import Record, RecordQuerySet
from crm.tenancy.models import Organization, TenantModel
from crm.users.models import User
from customers.choices import Channel, PointKind, PointLabel, Source
from customers.models.customers import Customer
from customers.models.tags import Tag
from customers.models.well_formed import SEEN, Tomorrow, well_formed_contact, well_formed_point

EARLIEST_YEAR = 1880
EMAIL_TAKEN = _("There is a contact with this e-mail address already, and your organization wants them to be unique.")


class ContactQuerySet(RecordQuerySet["Contact"]):
    def at(self, customer: Customer) -> Any:
        """People of a customer: it is their main one, or they have a role there."""
        return self.filter(Q(customer=customer) | Q(affiliations__customer=customer)).distinct()


class Contact(Record):
    """A person. `customer` is the main one; roles at others, and their times, are affiliations.

    `email` and `phone` are the primary ones, further ones are contact points.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=200, editable=False)
    salutation = models.CharField(_("salutation"), max_length=30, blank=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("customer"))
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    department = models.CharField(_("department"), max_length=100, blank=True)
    email = EmailColumn(_("e-mail"), blank=True)
    email_label = models.CharField(_("type of e-mail"), max_length=10, choices=PointLabel, default=PointLabel.WORK)
    phone = PhoneField(_("phone"), blank=True)
    phone_label = models.CharField(_("type of phone"), max_length=10, choices=PointLabel, default=PointLabel.WORK)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    do_not_email = models.BooleanField(_("do not e-mail"), default=False)
    do_not_call = models.BooleanField(_("do not call"), default=False)
    do_not_post = models.BooleanField(_("no post"), default=False)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website or profile"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=30, choices=Source, blank=True)
    tags: Any = models.ManyToManyField(Tag, through="ContactTag", blank=True, related_name="contacts", verbose_name=_("tags"))
    preferred_channel = models.CharField(_("preferred channel"), max_length=10, choices=Channel, blank=True)
    preferred_language = LanguageField(_("preferred language"), blank=True)
    topics = models.CharField(_("topics of interest"), max_length=300, blank=True, help_text=_("Separated by commas."))
    description = models.TextField(_("description"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True, help_text=_("The record's key in another system."))
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)

    unique_email = models.CharField(max_length=254, null=True, editable=False)  # noqa: DJ001  # null: addresses may repeat here
    name_key: Any = models.GeneratedField(expression=Lower("name"), output_field=models.CharField(max_length=200), db_persist=True)
    email_key: Any = models.GeneratedField(expression=Lower("email"), output_field=models.CharField(max_length=254), db_persist=True)

    derived: ClassVar[tuple[str, ...]] = ("name", "unique_email")
    asked: ClassVar[tuple[Asked, ...]] = (
        Asked(
            name="contact_email_unique_among_further_ones",
            fields=("unique_email",),
            field="email",
            sql="SELECT d.number FROM {drafts} d JOIN customers_contactpoint p ON p.organization_id = d.organization_id "
            "AND p.kind = 'email' AND p.key = d.unique_email JOIN customers_contact c ON c.id = p.contact_id "
            "AND c.deleted_at IS NULL AND c.id IS DISTINCT FROM d.record_id WHERE d.unique_email IS NOT NULL",
            message=EMAIL_TAKEN,
        ),
    )
    told_at: ClassVar[dict[str, str]] = {"unique_email": "email", "name": "last_name"}
    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            *Record.Meta.indexes,
            models.Index("organization", "name_key", "id", name="contact_by_name", condition=Q(deleted_at=None)),
            models.Index(
                "organization",
                F("last_activity_at").desc(nulls_last=True),
                F("id").desc(),
                name="contact_by_activity",
                condition=Q(deleted_at=None),
            ),
            models.Index("organization", F("created_at").desc(), F("id").desc(), name="contact_by_created", condition=Q(deleted_at=None)),
            models.Index("customer", name="contact_of_customer", condition=Q(customer__isnull=False)),
            models.Index("organization", "email_key", "id", name="contact_by_email", condition=Q(deleted_at=None)),
            models.Index("organization", "phone", name="contact_by_phone", condition=~Q(phone="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=SEEN),
                name="contact_has_a_name",
                violation_error_message=_("Enter a first or a last name."),
            ),
            models.CheckConstraint(
                condition=Q(birthday=None) | Q(birthday__gte="1880-01-01", birthday__lte=Tomorrow()),
                name="contact_birthday_plausible",
                violation_error_message=_("The birthday is before 1880 or in the future. Check the year."),
            ),
            *well_formed_contact(),
            models.UniqueConstraint(
                fields=["organization", "unique_email"],
                condition=Q(deleted_at=None, unique_email__isnull=False),
                name="contact_email_unique",
                violation_error_message=EMAIL_TAKEN,
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(deleted_at=None) & ~Q(external_id=""),
                name="contact_external_id_unique",
                violation_error_message=_("Another contact already has this external id. Enter a different one, or open that contact."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_country(self) -> str:
        """Where numbers without a country code belong: the contact's country, else its customer's; empty where neither is known."""
        return self.country or (self.customer.phone_country if self.customer else "")

    def derive(self, organization: Organization) -> None:
        self.name = " ".join(part for part in (self.first_name, self.last_name) if part) or self.email or self.phone
        self.unique_email = email_key(self.email) if self.email and organization.unique_contact_emails else None

    @classmethod
    def unique_further(cls, organization: Organization) -> dict[str, str]:
        return {"email": "unique_email"} if organization.unique_contact_emails else {}

    def check_consistency(self, keys: set[str] | None) -> None:
        errors: dict[str, Any] = {}
        if not self.name:
            errors["last_name"] = _("Enter a first or a last name.")
        if self.birthday and (keys is None or "birthday" in keys) and self.birthday > timezone.now().date():
            errors["birthday"] = _("The birthday is in the future. Check the year.")
        elif self.birthday and (keys is None or "birthday" in keys) and self.birthday.year < EARLIEST_YEAR:
            errors["birthday"] = _("The birthday is before 1880. Check the year.")
        if keys is None or keys & {"street", "city", "postal_code", "region", "country"}:
            address = Address(self.street, self.city, self.postal_code, self.region, self.country)
            errors |= {problem.field: problem.message for problem in check_address(address)}
        if errors:
            raise ValidationError(errors)


class ContactPoint(TenantModel):
    """A further e-mail address or telephone number of a contact. `key` is what it is compared by."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="points")
    kind = models.CharField(_("kind"), max_length=5, choices=PointKind)
    label = models.CharField(_("type"), max_length=10, choices=PointLabel, default=PointLabel.OTHER)
    value = models.CharField(_("address or number"), max_length=254)
    key = models.CharField(max_length=254, editable=False)

    told_at: ClassVar[dict[str, str]] = {"contact_point_once": "value", "contact_point_well_formed": "value"}

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "contact", "kind", "key"],
                name="contact_point_once",
                violation_error_message=_("The contact has this one already."),
            ),
            *well_formed_point(),
        ]
        indexes = [models.Index(fields=["organization", "kind", "key"], name="contact_point_by_key")]

    def __str__(self) -> str:
        return self.value


class Affiliation(TenantModel):
    """A contact's role at a customer besides the main one, now or in the past."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="affiliations")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="affiliations", verbose_name=_("customer"))
    role = models.CharField(_("role"), max_length=100, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role at a customer")
        verbose_name_plural = _("roles at customers")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "contact", "customer", "role", "since"],
                nulls_distinct=False,
                name="affiliation_once",
                violation_error_message=_("The contact has this role at this customer already. Change that one instead."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_began",
                violation_error_message=_("“Until” is before “since”. Swap the dates or empty one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.role or _('role')} at {self.customer}"

    def clean(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("“Until” is before “since”. Swap the dates or empty one.")})
        same = Affiliation.objects.filter(organization_id=self.organization_id, contact=self.contact, customer=self.customer)
        if any(self._overlaps(other) for other in same.filter(role=self.role).exclude(pk=self.pk)):
            text = _("The contact has this role at this customer already, at the same time. Change that one, or choose other days.")
            raise ValidationError({"since": text})

    def _overlaps(self, other: "Affiliation") -> bool:
        begins = (self.since or date.min) <= (other.until or date.max)
        return begins and (other.since or date.min) <= (self.until or date.max)

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()


class ContactTag(TenantModel):
    """That a contact carries a tag."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization", "contact", "tag"], name="contact_tag_once")]
        indexes = [models.Index(fields=["tag", "contact"], name="contacts_of_tag")]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.tag_id}"
