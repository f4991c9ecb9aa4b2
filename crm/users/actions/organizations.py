from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions.checks import changed_values, require_administrator, tell
from crm.users.beginnings import begin
from crm.users.models import PromisedOrganization, Role, User
from crm.users.ready_roles import READY_ROLES

SETTINGS = frozenset(
    {
        "name", "time_zone", "language", "country", "currency", "fiscal_year_start", "date_format", "idle_minutes",
        "unique_customer_names", "unique_contact_emails", "unique_customer_domains", "unique_tax_numbers",
        "watch_opened", "watch_listed", "watch_exported", "watch_devices",
    }
)  # fmt: skip


@transaction.atomic
def create_organization(name: str, slug: str, **settings: Any) -> Organization:
    """Make an organization with the ready roles and what each floor gives. It has nobody in it yet. Call it outside any tenant."""
    organization = Organization(name=name, slug=slug, **settings)
    organization.full_clean()
    organization.save()
    with tenant(organization):
        Role.objects.bulk_create(
            Role(organization=organization, **{key: str(value) if key in {"name", "description"} else value for key, value in role.items()})
            for role in READY_ROLES
        )
        begin(organization)
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


def promise_organization(person: User, name: str, **settings: Any) -> PromisedOrganization:
    """Remember what a stranger asked for; nothing of it exists before keep_promise."""
    return PromisedOrganization.objects.create(person=person, name=name, settings=settings)


@transaction.atomic
def keep_promise(person: User) -> Organization | None:
    """Begin the organization that this person asked for at sign-up; once. None where nothing was promised."""
    promised = PromisedOrganization.objects.select_for_update().filter(person=person).first()
    if promised is None:
        return None
    organization = begin_organization(person, promised.name, **promised.settings)
    promised.delete()
    return organization


def forget_promises(**of: Any) -> int:
    """Delete people who asked for an organization and never verified their address. `of` narrows. Returns how many."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    strangers = User.objects.of_organization(None).filter(~Exists(verified), promised__isnull=False, **of)
    return sum(1 for stranger in strangers if stranger.delete())


def verify_address(person: User) -> None:
    """The person's address counts as verified: a code or link that only they had has shown it."""
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


@transaction.atomic
def set_first_steps_closed(organization: Organization, *, by: User) -> None:
    """For all administrators of the own organization. Raises AdministratorsOnly."""
    require_administrator(by, organization.pk)
    organization.first_steps_closed = True
    organization.save(update_fields=["first_steps_closed"])


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
