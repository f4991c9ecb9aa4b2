"""Where a record stands in the list that it was opened from: its neighbours there, and the way back.

Links of lists carry `?view=3-214.f=lifecycle:is:customer`: the third of 214 in the list of that query.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import F
from django.http import HttpRequest, QueryDict

from crm.access.principals import principals_of
from crm.access.querysets import COUNT_CAP
from crm.fields.record_types import RecordType, record_types
from crm.query.models import SavedView
from crm.query.paging import Cursor, page_of
from crm.ui import formats
from crm.users.models import Reach, User
from crm.views.list_rows import ListRows
from crm.views.list_state import read_state
from crm.views.loading import person_of

ORIGIN = re.compile(r"(?P<index>\d{1,9})(-(?P<total>\d{1,9}))?(\.(?P<query>.{0,4000}))?", re.DOTALL)


@dataclass(frozen=True)
class Position:
    """Addresses are "" where there is none; `index` and `total` are None when they are not known. `total` may be "10,000+"."""

    back_url: str
    previous_url: str = ""
    next_url: str = ""
    index: int | None = None
    total: str | None = None


def neighbours(request: HttpRequest, record: Any) -> Position:
    """Previous and next record of the list that the page was opened from; only the way back where the address names no list.

    Two statements; one more for a saved view, for an order that is worked out, and at the edge of empty values.
    """
    kind, user = record_types.of(record), person_of(request)
    origin = ORIGIN.fullmatch(request.GET.get("view", ""))
    if origin is None or kind.reach(user, "view") == Reach.NONE:
        return Position(kind.list_url)
    query, index = origin["query"] or "", int(origin["index"])
    params = QueryDict(query)
    views = list(SavedView.objects.offered_to(user).filter(record_type=kind.key)) if "view" in params else []
    rows = ListRows(read_state(params, kind, user, views)[0], kind, user)
    before, after = _beside(rows, record, kind, user)
    total = int(origin["total"]) if origin["total"] else None

    def url(pk: int | None, number: int) -> str:
        behind = (f"-{total}" if total is not None else "") + (f".{quote(query)}" if query else "")
        return f"{kind.list_url}{pk}/?view={max(number, 1)}{behind}" if pk is not None else ""

    back = kind.list_url + (f"?{query}" if query else "")
    return Position(back, url(before, index - 1), url(after, index + 1), index if total else None, _written(total))


def _beside(rows: ListRows, record: Any, kind: RecordType, user: User) -> tuple[int | None, int | None]:
    """The keys of the records before and after this one."""
    if rows.is_newest and kind.reach(user, "view") != Reach.ALL:
        at = (record.updated_at, record.pk)
        return _newest(kind, user, at, ascending=True), _newest(kind, user, at, ascending=False)
    cursor = Cursor(_sort_value(rows, record, kind, user), record.pk)
    found = rows.queryset.only("pk")
    before = page_of(found, rows.state.sort, 1, before=cursor).rows
    after = page_of(found, rows.state.sort, 1, after=cursor).rows
    return before[0].pk if before else None, after[0].pk if after else None


def _sort_value(rows: ListRows, record: Any, kind: RecordType, user: User) -> Any:
    """What the record is sorted by: read from it where that is a column, asked where it is worked out."""
    expression = rows.state.sort.expression
    if isinstance(expression, F):
        return getattr(record, expression.name)  # type: ignore[attr-defined]  # Django's F has one, its stubs do not say so
    own = kind.objects().filter(pk=record.pk, organization_id=user.organization_id)
    return own.annotate(sort_key=expression).values_list("sort_key", flat=True).first()


def _newest(kind: RecordType, user: User, at: tuple[Any, int], *, ascending: bool) -> int | None:
    access: Any = kind.model._meta.get_field("access").related_model
    principals = principals_of(user, kind.key, "view")
    found = access.objects.newest_ids(user.organization_id, principals, 1, at, ascending=ascending)
    return found[0] if found else None


def _written(total: int | None) -> str | None:
    if total is None:
        return None
    return formats.number(total) if total <= COUNT_CAP else f"{formats.number(COUNT_CAP)}+"
