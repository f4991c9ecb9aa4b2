"""The addresses of one record type: what every noun has, from its RecordType alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from ninja import Router

from crm.access.decisions import NotPermitted, may_create, require
from crm.api.addresses import PREFIX, plural_of
from crm.api.asked import asked, keys_of, only_fields
from crm.api.bodies import body_of, values_of
from crm.api.described import Extra, of_record
from crm.api.entrance import TokenRequest, require_scope
from crm.api.listing import rows_of
from crm.api.once import done_once
from crm.api.preconditions import require_match
from crm.api.sharing import holder_of, may_change_of, shares
from crm.api.written import Writer, as_json, columns_needed
from crm.fields.record_types import RecordType
from crm.lib.keys import key_of
from crm.query.paging import write_cursor
from crm.query.rules import RuleError
from crm.records.actions import create_record, delete_record, restore_record, share_record, unshare_record, update_record
from crm.users.models import Reach, User, Watched
from crm.users.watching import count_read

JSON = "application/json"


class RecordRouter:
    """The routes of one record type. Rooms above add their verbs with `add`, or make records in their own way."""

    further: ClassVar[tuple[str, ...]] = ()
    """What a new record takes besides its fields."""

    def __init__(self, record_type: RecordType) -> None:
        self.record_type, self.plural = record_type, plural_of(record_type.key)
        self.router = Router(tags=[self.plural])
        self.extras = of_record(record_type.key.capitalize(), f"{self.plural.capitalize()}ByField")
        self.add("GET", "", self.list)
        self.add("POST", "", self.create)
        self.add("GET", "/{int:pk}", self.retrieve)
        self.add("PATCH", "/{int:pk}", self.update)
        self.add("DELETE", "/{int:pk}", self.delete)
        for verb in (self.restore, self.share, self.unshare):
            self.add("POST", f"/{{int:pk}}/{verb.__name__}", verb)

    def add(self, method: str, path: str, route: Callable[..., HttpResponse], extra: Extra | None = None) -> None:
        """One more route, named by its function; `extra` says what it takes and gives: see crm.api.described."""
        add_route(self.router, self.plural, method, path, route, extra or self.extras[route.__name__])

    def list(self, request: TokenRequest) -> HttpResponse:
        kind, user = self.record_type, require_scope(request, self.plural, "view")
        if kind.reach(user, "view") == Reach.NONE:
            raise NotPermitted(user, "view", record_type=kind.key)
        wanted = asked(request.GET, kind, user)
        page = rows_of(wanted, kind, user, columns_needed(kind, wanted.keys))
        rows = Writer(kind, user, page.rows, wanted.keys).rows()
        count_read(request, Watched.LISTED, len(rows))
        following = write_cursor(page.last) if page.has_next else None
        return answer({"data": rows, "next_cursor": following})

    def create(self, request: TokenRequest) -> HttpResponse:
        kind, user = self.record_type, require_scope(request, self.plural, "create")
        if not may_create(user, kind.model):
            raise NotPermitted(user, "create", record_type=kind.key)
        body = body_of(request)
        return done_once(request, user, lambda: self._created(body, user))

    def _created(self, body: dict[str, Any], user: User) -> HttpResponse:
        further = {key: body.pop(key) for key in self.further if key in body}
        record = self.make(values_of(body, self.record_type, user), further, user)
        try:
            response = self._one(self.found(user, record.pk), user, status=201)
        except Http404:  # made for somebody whose records the person does not see
            return answer({"id": None}, 201)
        response.headers["Location"] = f"{PREFIX}{self.plural}/{record.pk}"
        return response

    def make(self, values: dict[str, Any], further: dict[str, Any], user: User) -> Any:
        """The new record, by the action that its pages use."""
        return create_record(self.record_type.model, by=user, **values)  # type: ignore[type-var]

    def retrieve(self, request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, self.plural, "view")
        keys = only_fields(request.GET, self.record_type)
        record = self.found(user, pk)
        count_read(request, Watched.OPENED)
        return self._one(record, user, keys)

    def update(self, request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, self.plural, "change")
        record = self.permitted(user, "change", pk)
        body = body_of(request)
        require_match(request, record, needed=True)
        values = values_of(body, self.record_type, user, record)
        self.change(record, values, user)
        return self.written(pk, user)

    def change(self, record: Any, values: dict[str, Any], user: User) -> None:
        update_record(record, by=user, version=record.version, **values)

    def delete(self, request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, self.plural, "delete")
        record = self.permitted(user, "delete", pk)
        require_match(request, record, needed=False)
        delete_record(record, by=user)
        gone = HttpResponse(status=204)
        del gone.headers["Content-Type"]
        return gone

    def restore(self, request: TokenRequest, pk: int) -> HttpResponse:
        """Out of the recycle bin. One that is not there is answered as it is."""
        user = require_scope(request, self.plural, "delete")
        record = self.record_type.objects().in_recycle_bin_of(user).filter(pk=pk).first() if pk < 2**63 else None
        if record is not None:
            restore_record(record, by=user)
        return self._one(self.found(user, pk), user)

    def share(self, request: TokenRequest, pk: int) -> HttpResponse:
        """With a person or a team, to see or to change."""
        user = require_scope(request, self.plural, "share")
        record, body = self.permitted(user, "share", pk), body_of(request)
        share_record(record, holder_of(body, user), may_change=may_change_of(body), by=user)
        return answer(shares(record))

    def unshare(self, request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, self.plural, "share")
        record, body = self.permitted(user, "share", pk), body_of(request)
        unshare_record(record, holder_of(body, user, active=False), by=user)
        return answer(shares(record))

    def found(self, user: User, pk: int) -> Any:
        """The record, if the person sees it. Raises Http404."""
        record = self.record_type.objects().visible_to(user).filter(pk=pk).first() if pk < 2**63 else None
        if record is None:
            raise Http404
        return record

    def permitted(self, user: User, verb: str, pk: int) -> Any:
        """The record, if the person may do this to it. Raises Http404 when invisible, NotPermitted when only seen."""
        record = self.found(user, pk)
        require(user, verb, record)
        return record

    def written(self, pk: int, user: User, status: int = 200) -> HttpResponse:
        """The record as it is now; of one that was given out of sight the key alone."""
        try:
            return self._one(self.found(user, pk), user, status=status)
        except Http404:
            return answer({"id": pk}, status)

    def _one(self, record: Any, user: User, keys: tuple[str, ...] | None = None, status: int = 200) -> HttpResponse:
        """The record as the person sees it, with its version as ETag."""
        writer = Writer(self.record_type, user, [record], keys or keys_of(None, self.record_type))
        return answer(writer.row(record), status, ETag=f'"{record.version}"')


def add_route(router: Router, name: str, method: str, path: str, route: Callable[..., HttpResponseBase], extra: Extra) -> None:
    """A route as the document and the log name it: "customers-list"."""
    own = f"{name}-{route.__name__}"
    status = min(extra["responses"])
    gives = {status: Any if "content" in extra["responses"][status] else None}
    function, summary = as_function(route), route.__name__.replace("_", " ").capitalize()
    router.add_api_operation(path, [method], function, operation_id=own, url_name=own, summary=summary, openapi_extra=extra, response=gives)


def answer(data: Any, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(as_json(data), content_type=JSON, status=status, headers=headers)


def page_answer(
    rows: list[Any], size: int, write: Callable[[Any], Any], key: Callable[[Any], int] = lambda row: int(row.pk)
) -> HttpResponse:
    """One page of `rows`, of which one more than `size` was read; the cursor is the key of the last one."""
    following = str(key(rows[size - 1])) if len(rows) > size else None
    return answer({"data": [write(row) for row in rows[:size]], "next_cursor": following})


def only_cursor(params: QueryDict) -> int | None:
    """The key behind which the page begins, of an address that takes `cursor` and nothing else. Raises RuleError."""
    unknown = next((key for key in params if key != "cursor"), None)
    if unknown is not None:
        raise RuleError(_("There is no parameter “%(name)s”.") % {"name": unknown[:60]})
    if not params.get("cursor"):
        return None
    found = key_of(str(params["cursor"]))
    if found is None:
        raise RuleError(_("This cursor is not understood. Begin again without one."))
    return found


def as_function(method: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method as the plain function that the router wants to write on."""

    @wraps(method)
    def route(request: TokenRequest, **kwargs: Any) -> HttpResponseBase:
        return method(request, **kwargs)

    return route
