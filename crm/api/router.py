"""The addresses of one record type: what every noun has, from its RecordType alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router

from crm.access.decisions import NotPermitted
from crm.api.addresses import plural_of
from crm.api.asked import asked, keys_of
from crm.api.entrance import TokenRequest, require_scope
from crm.api.listing import rows_of
from crm.api.written import Writer, as_json, columns_needed
from crm.fields.record_types import RecordType
from crm.query.paging import write_cursor
from crm.query.rules import RuleError
from crm.users.models import Reach, User

JSON = "application/json"


class RecordRouter:
    """The routes of one record type. Rooms above add their verbs to `router`."""

    def __init__(self, record_type: RecordType) -> None:
        self.record_type, self.plural = record_type, plural_of(record_type.key)
        self.router = Router(tags=[self.plural])
        self._add("GET", "", "list", self.list)
        self._add("GET", "/{int:pk}", "retrieve", self.retrieve)

    def _add(self, method: str, path: str, name: str, route: Any) -> None:
        self.router.add_api_operation(
            path, [method], _function(route), operation_id=f"{self.plural}-{name}", url_name=f"{self.plural}-{name}", summary=name
        )

    def list(self, request: TokenRequest) -> HttpResponse:
        kind, user = self.record_type, require_scope(request, self.plural, "view")
        if kind.reach(user, "view") == Reach.NONE:
            raise NotPermitted(user, "view", record_type=kind.key)
        wanted = asked(request.GET, kind, user)
        page = rows_of(wanted, kind, user, columns_needed(kind, wanted.keys))
        rows = Writer(kind, user, page.rows, wanted.keys).rows()
        following = write_cursor(page.last) if page.has_next else None
        return answer({"data": rows, "next_cursor": following})

    def retrieve(self, request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, self.plural, "view")
        keys = self._keys(request)
        record = self.found(user, pk)
        return self.written(record, user, keys)

    def found(self, user: User, pk: int) -> Any:
        """The record, if the person sees it. Raises Http404."""
        record = self.record_type.objects().visible_to(user).filter(pk=pk).first() if pk < 2**63 else None
        if record is None:
            raise Http404
        return record

    def written(self, record: Any, user: User, keys: tuple[str, ...] | None = None, status: int = 200) -> HttpResponse:
        """The record as the person sees it, with its version as ETag."""
        writer = Writer(self.record_type, user, [record], keys or keys_of(None, self.record_type))
        return answer(writer.row(record), status, ETag=f'"{record.version}"')

    def _keys(self, request: TokenRequest) -> tuple[str, ...]:
        unknown = [key for key in request.GET if key != "fields"]
        if unknown:
            raise RuleError(f"There is no parameter “{unknown[0][:60]}”.")
        return keys_of(request.GET.get("fields"), self.record_type)


def answer(data: Any, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(as_json(data), content_type=JSON, status=status, headers=headers)


def _function(method: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method as the plain function that the router wants to write on."""

    @wraps(method)
    def route(request: TokenRequest, **kwargs: Any) -> HttpResponse:
        return method(request, **kwargs)

    return route
