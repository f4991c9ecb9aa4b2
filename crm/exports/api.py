"""Exports by program: ask for a list as a file, fetch it, throw it away. One's own alone, as on the pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router

from crm.api import openapi, scopes
from crm.api.addresses import PREFIX, plural_of
from crm.api.bodies import body_of
from crm.api.described import LIMITS, LOCATION, described, parameter
from crm.api.entrance import TokenRequest, require_scope
from crm.api.once import done_once
from crm.api.router import add_route, answer, only_cursor, page_answer
from crm.api.written import moment
from crm.exports import actions
from crm.exports.actions import Wish
from crm.exports.making import require_export
from crm.exports.models import Delimiter, Export, Format
from crm.exports.views.having import as_file, exports_of
from crm.fields.record_types import RecordType, record_types
from crm.lib.keys import LARGEST
from crm.query.paging import DEFAULT, sort_of
from crm.query.questions import checked
from crm.query.rules import EVERYTHING, Group, RuleError, parse
from crm.users.models import User
from crm.views.list_state import LONGEST_SEARCH, SIZE, Base, ListState, readable_columns

NAME, PAGE = "exports", 50
TEXT = {"type": "string"}
FLAGS = ("every", "exact", "mark")
TAKEN: dict[str, Any] = {
    "record_type": {**TEXT, "description": "As customer"},
    "format": {"enum": [str(one) for one in Format]},
    "filter": {"type": "object", "description": "A rule, as in lists"},
    "search": TEXT,
    "ids": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": LARGEST},
        "minItems": 1,
        "maxItems": actions.AT_ONCE,
        "description": "Of these records, those alone; all without it",
    },
    "sort": {**TEXT, "description": "A field, with - in front for the other way"},
    "columns": {"type": "array", "items": TEXT, "description": "Fields; those of the list without it"},
    "every": {"type": "boolean", "description": "All fields"},
    "exact": {"type": "boolean", "description": "Values as they are stored, for an import"},
    "delimiter": {"enum": [str(one) for one in Delimiter]},
    "mark": {"type": "boolean", "description": "Begin with a byte order mark, for Excel"},
}
router = Router(tags=[NAME])
scopes.register(NAME, "view", "create", "delete")
openapi.register(
    NewExport={"type": "object", "required": ["record_type"], "properties": TAKEN, "additionalProperties": False},
    Export={
        "type": "object",
        "required": ["id", "record_type", "format", "is_ready"],
        "properties": {
            "id": {"type": "integer"},
            **dict.fromkeys(("record_type", "format", "file_name", "words"), TEXT),
            "columns": {"type": "array", "items": TEXT},
            "rows": {"type": ["integer", "null"]},
            "size": {"type": "integer", "description": "Bytes"},
            "is_ready": {"type": "boolean", "description": "Whether the file is there, under /file"},
            "job": {"type": ["integer", "null"], "description": "Which makes it, see /jobs; none where it was made at once"},
            "created_at": {"type": "string", "format": "date-time"},
            **{key: {"type": ["string", "null"], "format": "date-time"} for key in ("ready_at", "kept_until")},
        },
    },
    ExportPage=openapi.page_of("Export"),
)


def list_exports(request: TokenRequest) -> HttpResponse:
    """One's own, the newest first, 50 a page."""
    exports, before = exports_of(require_scope(request, NAME, "view")).order_by("-pk"), only_cursor(request.GET)
    if before is not None:
        exports = exports.filter(pk__lt=before)
    return page_answer(list(exports[: PAGE + 1]), PAGE, written)


def create(request: TokenRequest) -> HttpResponse:
    """Up to a thousand records are a file at once, more of them are made by a job."""
    user = require_scope(request, NAME, "create")
    data = body_of(request)
    kind = _kind(data)
    require_scope(request, plural_of(kind.key), "view")
    require_export(kind, user)
    return done_once(request, user, lambda: _started(kind, data, user))


def _started(kind: RecordType, data: dict[str, Any], user: User) -> HttpResponse:
    state, wish = _state(kind, data, user), _wish(data)
    export = actions.start_export(state, kind, wish, by=user)
    return answer(written(export), 201, Location=f"{PREFIX}{NAME}/{export.pk}")


def retrieve(request: TokenRequest, pk: int) -> HttpResponse:
    return answer(written(_export(require_scope(request, NAME, "view"), pk)))


def fetch(request: TokenRequest, pk: int) -> HttpResponseBase:
    """The file. 404 until it is ready, and after a week."""
    export = _export(require_scope(request, NAME, "view"), pk)
    require_scope(request, plural_of(export.record_type), "view")
    if not export.is_ready:
        raise Http404
    try:
        return as_file(export)
    except FileNotFoundError:
        raise Http404 from None


def discard(request: TokenRequest, pk: int) -> HttpResponse:
    """The export and its file."""
    user = require_scope(request, NAME, "delete")
    actions.delete_export(_export(user, pk), by=user)
    gone = HttpResponse(status=204)
    del gone.headers["Content-Type"]
    return gone


def _export(user: User, pk: int) -> Export:
    export: Export | None = exports_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if export is None:
        raise Http404
    return export


def _kind(data: dict[str, Any]) -> RecordType:
    """What is exported, once the names of everything that was sent are known. Raises ValidationError."""
    unknown = {key.replace("\0", "")[:100] or "?": _("There is no such field to write.") for key in data if key not in TAKEN}
    if unknown:
        raise ValidationError(unknown)
    key = data.get("record_type")
    if not isinstance(key, str) or key not in record_types:
        known = ", ".join(kind.key for kind in record_types)
        raise ValidationError({"record_type": _("Send one of: %(known)s.") % {"known": known}})
    return record_types[key]


def _state(kind: RecordType, data: dict[str, Any], user: User) -> ListState:
    """The list that is exported. Raises ValidationError, by field."""
    try:
        rule = checked(parse(data["filter"]), kind, user) if "filter" in data else EVERYTHING
    except RuleError as error:
        raise ValidationError({"filter": str(error)}) from None
    try:
        sort = sort_of(_text(data, "sort") or f"-{DEFAULT}", kind, user)
    except RuleError as error:
        raise ValidationError({"sort": str(error)}) from None
    group = rule if isinstance(rule, Group) else Group("all", (rule,))
    columns = readable_columns(kind, user, _columns(kind, data))
    search = " ".join(_text(data, "search").split())[:LONGEST_SEARCH]
    return ListState(view=None, base=Base(EVERYTHING, sort.key, (), SIZE), rule=group, search=search, sort=sort, columns=columns, size=SIZE)


def _columns(kind: RecordType, data: dict[str, Any]) -> list[str]:
    keys = data.get("columns", kind.columns)
    fields = kind.fields
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValidationError({"columns": _("Send a list.")})
    unknown = next((key for key in keys if key not in fields), None)
    if unknown is not None:
        raise ValidationError({"columns": _("There is no field “%(field)s”.") % {"field": unknown.replace("\0", "")[:60]}})
    return keys


def _wish(data: dict[str, Any]) -> Wish:
    for key in FLAGS:
        if not isinstance(data.get(key, False), bool):
            raise ValidationError({key: _("Send true or false.")})
    for key, choices in (("format", Format), ("delimiter", Delimiter)):
        if key in data and data[key] not in choices.values:
            known = ", ".join(f"“{one}”" for one in choices.values)
            raise ValidationError({key: _("Send one of: %(known)s.") % {"known": known}})
    flags = {key: data[key] for key in FLAGS if key in data}
    return Wish(format=data.get("format", Format.CSV), delimiter=data.get("delimiter", Delimiter.COMMA), keys=_keys(data), **flags)


def _keys(data: dict[str, Any]) -> tuple[int, ...]:
    keys = data.get("ids", [])
    if "ids" in data and not (isinstance(keys, list) and 0 < len(keys) <= actions.AT_ONCE and all(_is_key(key) for key in keys)):
        raise ValidationError({"ids": _("Send a list of ids, at most %(most)d.") % {"most": actions.AT_ONCE}})
    return tuple(dict.fromkeys(keys))


def _is_key(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str) or "\0" in value:
        raise ValidationError({key: _("Send a text.")})
    return value


def written(export: Export) -> dict[str, Any]:
    own = ("id", "record_type", "format", "file_name", "words", "columns", "rows", "size", "is_ready")
    return {
        **{key: getattr(export, key) for key in own},
        "job": export.job_id,
        "created_at": moment(export.created_at),
        "ready_at": export.ready_at and moment(export.ready_at),
        "kept_until": moment(export.kept_until),
    }


CURSOR = parameter("cursor", {"type": "string"}, "next_cursor of the page before")
KEY = parameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 200}, "Sent again within 24 hours, it is done once", "header"
)
FILE = described("Export")
TYPES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
FILE["responses"][200] = {
    "description": "The file",
    "headers": LIMITS,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
}
add_route(router, NAME, "GET", "", list_exports, described("ExportPage", parameters=[CURSOR]))
add_route(router, NAME, "POST", "", create, described("Export", takes="NewExport", status=201, parameters=[KEY], headers=LOCATION))
add_route(router, NAME, "GET", "/{int:pk}", retrieve, described("Export"))
add_route(router, NAME, "GET", "/{int:pk}/file", fetch, FILE)
add_route(router, NAME, "DELETE", "/{int:pk}", discard, described(status=204, also=(422,)))
