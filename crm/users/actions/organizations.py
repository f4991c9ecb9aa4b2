from typing import Any

from django.db import transaction

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import Role
from crm.users.ready_roles import READY_ROLES


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
