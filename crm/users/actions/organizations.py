from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions.checks import changed_values, require_administrator, tell
from crm.users.models import Role, User
from crm.users.ready_roles import READY_ROLES

SETTINGS = frozenset(
    {
        "name", "time_zone", "language", "country", "currency", "fiscal_year_start", "date_format",
        "unique_customer_names", "unique_contact_emails",
    }
)  # fmt: skip


@transaction.atomic
def create_organization(name: str, slug: str, **settings: Any) -> Organization:
    """Make an organization with the ready roles. It has nobody in it yet. Call it outside any tenant."""
    organization = Organization(name=name, slug=slug, **settings)
    organization.full_clean()
    organization.save()
    with tenant(organization):
        Role.objects.bulk_create(
            Role(organization=organization, **{key: str(value) if key in {"name", "description"} else value for key, value in role.items()})
            for role in READY_ROLES
        )
    return organization


@transaction.atomic
def begin_organization(person: User, name: str, **settings: Any) -> Organization:
    """Make an organization whose administrator this person becomes. The person may be new; call it outside any tenant."""
    organization = create_organization(name, free_slug(name), **settings)
    with tenant(organization):
        person.organization = organization
        person.role = Role.objects.get(organization=organization, key="administrator")
        person.save()
        tell(organization, "organization.created", {"name": ("", name)}, by=person)
    return organization


def verify_address(person: User) -> None:
    """The person's address counts as verified: a code or link that only they had has shown it."""
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


@transaction.atomic
def change_organization(organization: Organization, *, by: User, **settings: Any) -> Organization:
    """Change settings of the own organization: the names in SETTINGS. Raises AdministratorsOnly, ValidationError by field."""
    require_administrator(by, organization.pk)
    if unknown := settings.keys() - SETTINGS:
        raise TypeError(f"not a setting: {sorted(unknown)}")
    changes = changed_values(organization, settings)
    for key, (_old, new) in changes.items():
        setattr(organization, key, new)
    organization.full_clean()
    if changes:
        organization.save(update_fields=list(changes))
        tell(organization, "organization.changed", changes, by=by)
    return organization


def free_slug(name: str) -> str:
    """A short name that no organization has yet: "halden-instruments", "halden-instruments-2"."""
    base = slugify(name)[:40].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
