"""How many records the saved views of a list hold: asked after the page has come, each within a bound of time, kept for a minute."""

from contextlib import suppress

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import QueryDict
from redis.exceptions import RedisError

from crm.access.principals import reach_mark
from crm.fields.record_types import RecordType
from crm.query.models import SavedView
from crm.users.models import User
from crm.views.list_rows import Count, ListRows
from crm.views.list_state import WHOLE, read_state

MOST, MILLISECONDS, KEPT = 8, 250, 60


def view_counts(views: list[SavedView], record_type: RecordType, user: User) -> list[tuple[str, Count]]:
    """(key of the view or "all", count) of the first tabs; without those that take too long to count."""
    keys = [WHOLE, *[str(view.pk) for view in views[:MOST]]]
    mark = reach_mark(user, record_type.key)
    names = {key: f"view-count:{user.pk}:{user.role_id}:{mark}:{record_type.key}:{key}:{_state_of(key, views)}" for key in keys}
    known: dict[str, int] = {}
    with suppress(RedisError):
        known = cache.get_many(names.values())
    counts = {key: known.get(name) for key, name in names.items()}
    new = {key: _count(key, views, record_type, user) for key, count in counts.items() if count is None}
    with suppress(RedisError):
        cache.set_many({names[key]: count for key, count in new.items() if count is not None}, KEPT)
    return [(key, Count(count)) for key, count in {**counts, **new}.items() if count is not None]


def _state_of(key: str, views: list[SavedView]) -> str:
    """A changed view is another one."""
    return next((view.updated_at.isoformat() for view in views if str(view.pk) == key), "")


def _count(key: str, views: list[SavedView], record_type: RecordType, user: User) -> int | None:
    state, _notices = read_state(QueryDict(f"view={key}"), record_type, user, views)
    rows = ListRows(state, record_type, user)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(MILLISECONDS)])
            count = rows.count()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError:
        return None
    return count
