"""The tenant of a transaction. Without one, no row of any organization can be read or written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from crm.tenancy.models import Organization

SETTING = "crm.organization_id"


class Tenancy:
    """The organization that the code of a block works for. `kept` holds what has been looked up for it, until the block ends."""

    def __init__(self, organization_id: int, organization: Organization | None) -> None:
        self.organization_id, self.organization = organization_id, organization
        self.kept: dict[str, Any] = {}


_current: ContextVar[Tenancy | None] = ContextVar("tenancy", default=None)


def current_tenancy() -> Tenancy | None:
    """What `tenant()` entered last; None outside of it."""
    return _current.get()


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
def tenant(organization: Organization | int, *, read_only: bool = False) -> Iterator[None]:
    """Work for one organization, in a transaction. On exit the previous tenant, if any, is back.

    With `read_only` PostgreSQL refuses every write of the block (in a savepoint, too, until it ends).

    An error rolls the block back, and the database then restores the setting by itself.
    """
    entered = Tenancy(organization, None) if isinstance(organization, int) else Tenancy(organization.pk, organization)
    inner = connection.in_atomic_block
    with transaction.atomic():
        previous = current_organization_id() if inner else None
        _set(str(entered.organization_id))
        if read_only:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        token = _current.set(entered)
        try:
            yield
        finally:
            _current.reset(token)
        if inner and not connection.needs_rollback:  # at the end of the outermost transaction the setting ends by itself
            _set("" if previous is None else str(previous))
