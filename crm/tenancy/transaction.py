"""The tenant of a transaction. Without one, no row of any organization can be read or written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from crm.tenancy.models import Organization

SETTING = "crm.organization_id"


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def current_organization_id() -> int | None:
    """The organization that this transaction works for, as the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        value = cursor.fetchone()[0]
    return int(value) if value else None


@contextmanager
def tenant(organization: Organization | int) -> Iterator[None]:
    """Work for one organization, in a transaction. On exit the previous tenant, if any, is back.

    An error rolls the block back, and the database then restores the setting by itself.
    """
    pk = organization if isinstance(organization, int) else organization.pk
    inner = connection.in_atomic_block
    with transaction.atomic():
        previous = current_organization_id() if inner else None
        _set(str(pk))
        yield
        if inner and not connection.needs_rollback:  # at the end of the outermost transaction the setting ends by itself
            _set("" if previous is None else str(previous))
