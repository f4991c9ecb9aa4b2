"""Changes of many by program: the same as on the pages, for a list of ids or for all that a list's filter finds."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from crm.access.decisions import NotPermitted
from crm.api import scopes
from crm.api.addresses import PREFIX, plural_of
from crm.api.bodies import body_of
from crm.api.described import described
from crm.api.entrance import TokenRequest, require_scope
from crm.api.once import done_once
from crm.api.router import RecordRouter, add_route, answer, only_cursor, page_answer
from crm.api.written import moment
from crm.bulk.actions import change_many, discard_change, may_change_many, plan_change, rows_in, run_change, undo_change
from crm.bulk.asked import chosen_of, is_preview, wish_of
from crm.bulk.documented import CURSOR, of_verb, of_wish
from crm.bulk.editing import tags_key
from crm.bulk.models import BulkChange, BulkRow, Kind, Stage, State
from crm.bulk.running import VERBS
from crm.bulk.views import changes_of
from crm.fields.record_types import RecordType
from crm.users.models import User

NAME, PAGE = "bulk", 50
router = Router(tags=[NAME])
scopes.register(NAME, "view")


def add_bulk(records: RecordRouter) -> None:
    """What can be done with many records of a type."""
    for kind in Kind.values:
        if kind != Kind.TAG or tags_key(records.record_type):
            records.add("POST", f"/bulk/{kind}", _route(records, kind), of_wish(records, kind))


def _route(records: RecordRouter, kind: str) -> Callable[[TokenRequest], HttpResponse]:
    """Done at once for few records, by a job for many."""

    def route(request: TokenRequest) -> HttpResponse:
        user = require_scope(request, records.plural, VERBS[kind])
        require_scope(request, records.plural, "view")
        if not may_change_many(user, records.record_type, kind):
            raise NotPermitted(user, VERBS[kind], record_type=records.record_type.key)
        body = body_of(request)
        return done_once(request, user, lambda: _made(request, records.record_type, kind, body, user))

    route.__name__ = f"bulk_{kind}"
    return route


def _made(request: HttpRequest, record_type: RecordType, kind: str, body: dict[str, Any], user: User) -> HttpResponse:
    preview = is_preview(body)
    chosen = chosen_of(body, request.GET, record_type, user)
    make = plan_change if preview else change_many
    change = make(record_type, chosen.rows, wish_of(kind, body, record_type, user, chosen.words), by=user)
    return _said(change, 201, missing=chosen.missing)


def _said(change: BulkChange, status: int, **more: Any) -> HttpResponse:
    """The change; where a job works on it, the job's address."""
    if change.job_id is not None:
        return answer(written(change) | more, 202, Location=f"{PREFIX}jobs/{change.job_id}")
    return answer(written(change) | more, status, Location=f"{PREFIX}{NAME}/{change.pk}")


def list_changes(request: TokenRequest) -> HttpResponse:
    """One's own, the newest first, 50 a page; without what was refused."""
    changes, before = changes_of(require_scope(request, NAME, "view")).order_by("-pk"), only_cursor(request.GET)
    if before is not None:
        changes = changes.filter(pk__lt=before)
    return page_answer(list(changes[: PAGE + 1]), PAGE, _facts)


def retrieve(request: TokenRequest, pk: int) -> HttpResponse:
    return answer(written(_change(require_scope(request, NAME, "view"), pk)))


def list_refused(request: TokenRequest, pk: int) -> HttpResponse:
    """What was not changed, or not taken back, and why: by id, 50 a page."""
    change, after = _change(require_scope(request, NAME, "view"), pk), only_cursor(request.GET)
    rows = _refused(change).filter(record_id__gt=after or 0)
    return page_answer(list(rows[: PAGE + 1]), PAGE, _reason, lambda row: int(row.record_id))


def run(request: TokenRequest, pk: int) -> HttpResponse:
    """Do what was looked at."""
    change, user = _writable(request, pk)
    return _said(run_change(change, by=user), 200)


def undo(request: TokenRequest, pk: int) -> HttpResponse:
    """Take all of it back, where nobody has changed it since."""
    change, user = _writable(request, pk)
    return _said(undo_change(change, by=user), 200)


def discard(request: TokenRequest, pk: int) -> HttpResponse:
    """Throw away what was only looked at."""
    change, user = _writable(request, pk)
    discard_change(change, by=user)
    gone = HttpResponse(status=204)
    del gone.headers["Content-Type"]
    return gone


def _writable(request: TokenRequest, pk: int) -> tuple[BulkChange, User]:
    """The change, where the token is for what it does."""
    change = _change(request.user, pk)
    return change, require_scope(request, plural_of(change.record_type), VERBS[change.kind])


def _change(user: User, pk: int) -> BulkChange:
    change: BulkChange | None = changes_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if change is None:
        raise Http404
    return change


def _refused(change: BulkChange) -> Any:
    return rows_in(change, State.KEPT if change.stage == Stage.UNDONE else State.REFUSED)


def _reason(row: BulkRow) -> dict[str, Any]:
    return {"id": row.record_id, "reason": row.reason}


def written(change: BulkChange) -> dict[str, Any]:
    return _facts(change) | {"refused": [_reason(row) for row in _refused(change)[:PAGE]]}


def _facts(change: BulkChange) -> dict[str, Any]:
    return {
        **{key: getattr(change, key) for key in ("id", "record_type", "kind", "what", "stage", "may_be_undone")},
        "counts": {state: change.count(state) for state in State.values},
        "filter": change.words,
        "job": change.job_id,
        "created_at": moment(change.created_at),
        "finished_at": change.finished_at and moment(change.finished_at),
    }


add_route(router, NAME, "GET", "", list_changes, described("BulkChangePage", parameters=[CURSOR]))
add_route(router, NAME, "GET", "/{int:pk}", retrieve, described("BulkChange"))
add_route(router, NAME, "GET", "/{int:pk}/refused", list_refused, described("BulkRefusedPage", parameters=[CURSOR]))
add_route(router, NAME, "POST", "/{int:pk}/run", run, of_verb())
add_route(router, NAME, "POST", "/{int:pk}/undo", undo, of_verb())
add_route(router, NAME, "DELETE", "/{int:pk}", discard, described(status=204, also=(422,)))
