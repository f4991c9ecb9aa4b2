"""What the database itself refuses in standard fields, whoever writes: forms, imports, programs, or a hand in psql.

People meet these sentences only where a check of the field, which says more, was left out.
"""

from typing import Any

from django.db.models import CheckConstraint, DateField, Func, Q
from django.utils.translation import gettext_lazy as _

from customers.choices import Channel, CustomerKind, Industry, Lifecycle, PointKind, PointLabel, Source

PHONE = r"^\+[1-9][0-9]{3,19}(;ext=[0-9]+)?$"
EMAIL = r"^[^@\s]+@[^@\s]+$"
WEBSITE = r"^https?://[^\s]+$"
SEEN = r"\S"
LARGEST_SIZE = 10_000_000


class Tomorrow(Func):
    """The day that has begun somewhere, whatever the time zone."""

    template = "(CURRENT_DATE + 1)"
    output_field = DateField()


def well_formed_customer() -> list[CheckConstraint]:
    return [
        *_reachable("customer"),
        CheckConstraint(
            condition=_codes("billing_country", 2)
            & _codes("shipping_country", 2)
            & _codes("currency", 3)
            & Q(preferred_language__regex=r"^([a-z]{2,3}(-[A-Za-z]+)?)?$"),
            name="customer_codes_well_formed",
            violation_error_message=_(
                "Countries have two capital letters, currencies three, languages two small ones. Choose from the list."
            ),
        ),
        CheckConstraint(
            condition=Q(kind__in=CustomerKind.values)
            & Q(lifecycle__in=Lifecycle.values)
            & _one_of("industry", Industry)
            & _one_of("source", Source)
            & _one_of("preferred_channel", Channel),
            name="customer_choices_known",
            violation_error_message=_("Kind, lifecycle, industry, source or channel is none of the choices. Choose from the list."),
        ),
        CheckConstraint(
            condition=Q(size=None) | Q(size__range=(0, LARGEST_SIZE)),
            name="customer_size_in_range",
            violation_error_message=_("The number of employees is out of range. Write one between 0 and 10,000,000."),
        ),
    ]


def well_formed_contact() -> list[CheckConstraint]:
    return [
        *_reachable("contact"),
        CheckConstraint(
            condition=_codes("country", 2) & Q(preferred_language__regex=r"^([a-z]{2,3}(-[A-Za-z]+)?)?$"),
            name="contact_codes_well_formed",
            violation_error_message=_("Countries have two capital letters, languages two small ones. Choose from the list."),
        ),
        CheckConstraint(
            condition=Q(email_label__in=PointLabel.values)
            & Q(phone_label__in=PointLabel.values)
            & _one_of("source", Source)
            & _one_of("preferred_channel", Channel),
            name="contact_choices_known",
            violation_error_message=_("A type, the source or the channel is none of the choices. Choose from the list."),
        ),
    ]


def well_formed_point() -> list[CheckConstraint]:
    return [
        CheckConstraint(
            condition=Q(kind=PointKind.EMAIL, value__regex=EMAIL) | Q(kind=PointKind.PHONE, value__regex=PHONE),
            name="contact_point_well_formed",
            violation_error_message=_("This is neither an e-mail address nor a telephone number. Check what was typed."),
        ),
        CheckConstraint(
            condition=Q(label__in=PointLabel.values),
            name="contact_point_label_known",
            violation_error_message=_("This is none of the types. Choose one from the list."),
        ),
    ]


def _reachable(noun: str) -> list[CheckConstraint]:
    return [
        CheckConstraint(
            condition=Q(email="") | Q(email__regex=EMAIL),
            name=f"{noun}_email_well_formed",
            violation_error_message=_("This is not an e-mail address. Write it like name@example.com."),
        ),
        CheckConstraint(
            condition=Q(phone="") | Q(phone__regex=PHONE),
            name=f"{noun}_phone_well_formed",
            violation_error_message=_("This is not a telephone number. Begin with + and the country code, like +49 30 901820."),
        ),
        CheckConstraint(
            condition=Q(website="") | Q(website__regex=WEBSITE),
            name=f"{noun}_website_well_formed",
            violation_error_message=_("This is not a web address. Write it like https://example.com."),
        ),
    ]


def _codes(field: str, length: int) -> Q:
    return Q(**{field: ""}) | Q(**{f"{field}__regex": rf"^[A-Z]{{{length}}}$"})


def _one_of(field: str, choices: Any) -> Q:
    return Q(**{f"{field}__in": ["", *choices.values]})
