"""Imports by program: bring a file, say how it is understood, check it, import it, take it back. One's own; administrators those of all.

A token that works here needs the scopes of the records, too: nothing is written, or read again, that it could not write or read itself.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from crm.api import openapi, scopes
from crm.api.addresses import PREFIX, plural_of
from crm.api.bodies import body_of
from crm.api.described import LOCATION, described, parameter, ref
from crm.api.entrance import TokenRequest, require_scope
from crm.api.problems import Problem
from crm.api.router import add_route, answer, only_cursor, page_answer
from crm.api.written import moment
from crm.fields.record_types import record_types
from crm.imports import actions
from crm.imports.changing import TAKEN, change_import
from crm.imports.kinds import IMPORTABLE
from crm.imports.models import Action, Import, ImportRow, Mode, Stage
from crm.imports.options import Options
from crm.imports.readers import UnreadableFile
from crm.imports.views.loading import import_or_404, imports_of
from crm.imports.views.quota import Quota
from crm.imports.views.runs import Words
from crm.query.rules import RuleError
from crm.users.models import User

NAME, PAGE = "imports", 50
SHOWN = {"new": Action.NEW, "changed": Action.CHANGED, "same": Action.SAME, "refused": Action.REFUSED}
REMARKS = "remarks"
ID_OR_NONE = {"type": ["integer", "null"]}
router = Router(tags=[NAME])
scopes.register(NAME, "view", "create", "change", "delete")
openapi.register(
    Import={
        "type": "object",
        "required": ["id", "record_type", "stage", "mapping", "counts"],
        "properties": {
            "id": {"type": "integer"},
            **{key: {"type": "string"} for key in ("file_name", "kind", "record_type")},
            "stage": {"enum": [str(stage) for stage in Stage]},
            "rows": {"type": "integer"},
            "mapping": {"type": "array", "items": {"type": "object"}},
            "reading": {"type": "object"},
            "match": {"type": "array", "items": {"type": "string"}},
            "matches": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "mode": {"enum": [str(mode) for mode in Mode]},
            "owner": ID_OR_NONE,
            "problems": {"enum": ["skip", "leave_out", "stop"]},
            **{key: {"type": "boolean"} for key in ("clear_empty", "create_companions", "create_tags", "consent_off", "may_be_undone")},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "job": {"description": "The last one: see /jobs", **ID_OR_NONE},
            "person": ref("Named"),
            "created_at": {"type": "string", "format": "date-time"},
            "imported_at": {"type": ["string", "null"], "format": "date-time"},
        },
    },
    ImportPage=openapi.page_of("Import"),
    ImportFile={
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary", "description": "CSV, XLSX or vCard"},
            "record_type": {"enum": list(IMPORTABLE), "description": "What the rows are; guessed without it"},
        },
        "additionalProperties": False,
    },
    ImportChanges=TAKEN,
    ImportRow={
        "type": "object",
        "required": ["row", "action", "remarks"],
        "properties": {
            "row": {"type": "integer", "description": "As a spreadsheet counts"},
            "action": {"enum": list(SHOWN)},
            "label": {"type": "string"},
            "record": ID_OR_NONE,
            "values": {"type": "object", "description": "In words, by field", "additionalProperties": {"type": "string"}},
            "changes": {"type": "array", "items": {"type": "object"}},
            "remarks": {"type": "array", "items": {"type": "object"}},
        },
    },
    ImportRowPage=openapi.page_of("ImportRow"),
)
SHOW = parameter(
    "show", {"enum": [*SHOWN, REMARKS]}, "Which rows: those refused by default; remarks are those of which something is left out"
)


def list_imports(request: TokenRequest) -> HttpResponse:
    """The newest first, 50 a page."""
    user = require_scope(request, NAME, "view")
    runs, before = imports_of(user).order_by("-pk"), only_cursor(request.GET)
    if before is not None:
        runs = runs.filter(pk__lt=before)
    return page_answer(list(runs[: PAGE + 1]), PAGE, lambda run: written(run, user))


def create(request: TokenRequest) -> HttpResponse:
    """Keeps the file and guesses which column goes where. Nothing is saved of its rows before it is checked and committed."""
    user = require_scope(request, NAME, "create")
    if request.content_type != "multipart/form-data":
        raise Problem(415, _("Send the file as multipart/form-data, in the part “file”."))
    quota = Quota(request)
    request.upload_handlers = [quota, *request.upload_handlers]
    file, key = request.FILES.get("file"), request.POST.get("record_type")
    if quota.exceeded:
        raise Problem(413, " ".join(actions.too_large().messages))
    unknown = next((name for name in (*request.POST, *request.FILES) if name not in {"file", "record_type"}), None)
    if unknown is not None or file is None:
        text = _("There is no such field to write.") if unknown is not None else _("Choose a file.")
        raise ValidationError({(unknown or "file").replace("\0", "")[:100] or "?": text})
    if key is not None and (key not in IMPORTABLE or key not in record_types):
        raise ValidationError({"record_type": _("Send one of: %(known)s.") % {"known": ", ".join(IMPORTABLE)}})
    try:
        run = actions.begin_import(None if key is None else record_types[key], file.name or "file", file.chunks(), by=user)
    except UnreadableFile as error:
        raise ValidationError({"file": str(error)}) from None
    return answer(written(run, user), 201, Location=f"{PREFIX}{NAME}/{run.pk}")


def retrieve(request: TokenRequest, pk: int) -> HttpResponse:
    user = require_scope(request, NAME, "view")
    return answer(written(import_or_404(user, pk), user))


def update(request: TokenRequest, pk: int) -> HttpResponse:
    """Where columns go, how the file is read, how records are recognised and what is done with them."""
    user = require_scope(request, NAME, "change")
    run = import_or_404(user, pk, lock=True)
    change_import(run, body_of(request), by=user)
    return answer(written(run, user))


def check(request: TokenRequest, pk: int) -> HttpResponse:
    """The dry run: a job. When it has ended, counts and rows say what an import would do."""
    user = require_scope(request, NAME, "change")
    run = import_or_404(user, pk, lock=True)
    _require_records(request, run, "view")
    actions.start_check(run, by=user)
    return answer(written(run, user))


def commit(request: TokenRequest, pk: int) -> HttpResponse:
    """Writes what the dry run said: a job."""
    return _started(request, pk, actions.start_commit, "create", "change")


def undo(request: TokenRequest, pk: int) -> HttpResponse:
    """Takes the import back: a job. For 30 days."""
    return _started(request, pk, actions.start_undo, "change", "delete")


def _started(request: TokenRequest, pk: int, start: Any, *verbs: str) -> HttpResponse:
    user = require_scope(request, NAME, "change")
    run = import_or_404(user, pk)
    _require_records(request, run, *verbs)
    start(run, by=user)
    return answer(written(import_or_404(user, pk), user))


def discard(request: TokenRequest, pk: int) -> HttpResponse:
    """Forgets an import that was not written, with its file."""
    user = require_scope(request, NAME, "delete")
    actions.discard_import(import_or_404(user, pk), by=user)
    gone = HttpResponse(status=204)
    del gone.headers["Content-Type"]
    return gone


def list_rows(request: TokenRequest, pk: int) -> HttpResponse:
    """What the dry run found, or the import did, row by row."""
    user = require_scope(request, NAME, "view")
    run = import_or_404(user, pk)
    _require_records(request, run, "view")
    params = request.GET.copy()
    shown = params.pop("show", ["refused"])[-1]
    if shown not in {*SHOWN, REMARKS}:
        raise RuleError(_("Send one of: %(known)s.") % {"known": ", ".join((*SHOWN, REMARKS))})
    after = only_cursor(params)
    rows = ImportRow.objects.filter(organization_id=run.organization_id, run=run).order_by("number")
    rows = rows.exclude(remarks=[]).exclude(action=Action.REFUSED) if shown == REMARKS else rows.filter(action=SHOWN[shown])
    if after is not None:
        rows = rows.filter(number__gt=min(after, 2**31 - 1))
    page = list(rows[: PAGE + 1]) if run.stage != Stage.CHECKING else []
    words = Words(run, user, page)
    return page_answer(page, PAGE, lambda row: _row(words.line(row)), key=lambda row: row.number)


def _row(line: dict[str, Any]) -> dict[str, Any]:
    row = line["row"]
    return {
        "row": row.number,
        "action": next(name for name, action in SHOWN.items() if action == row.action),
        "label": row.label,
        "record": row.record_id if line["url"] else None,
        "values": {str(label): str(value) for label, value in line["values"]},
        "changes": [{"field": str(label), "from": str(old), "to": str(new)} for label, old, new in line["changes"]],
        "remarks": [{"column": column, "value": value, "message": sentence} for column, value, sentence in line["remarks"]],
    }


def _require_records(request: TokenRequest, run: Import, *verbs: str) -> None:
    for verb in verbs:
        require_scope(request, plural_of(run.record_type), verb)


def written(run: Import, user: User) -> dict[str, Any]:
    """The import as JSON; `matches` are the keys that its columns allow."""
    options = Options.of(run.settings)
    open_still = run.stage in {Stage.MAPPING, Stage.CHECKED}
    columns = ("column", "header", "part", "by", "label", "reason", "date", "decimal", "choices")
    return {
        **{key: getattr(run, key) for key in ("id", "file_name", "kind", "record_type", "stage", "rows", "match", "mode")},
        "mapping": [{**{key: column[key] for key in columns}, "target": column["target"] or None} for column in run.mapping],
        "reading": {key: getattr(options, key) for key in ("encoding", "delimiter", "sheet", "header", "country")},
        "matches": actions.possible_matches(run, user) if open_still else [],
        "owner": run.owner_id,
        "problems": "stop" if options.stop_on_problems else "leave_out" if options.leave_out else "skip",
        **{key: getattr(options, key) for key in ("clear_empty", "create_companions", "create_tags", "consent_off")},
        "counts": {name: run.count(action) for name, action in SHOWN.items()} | {REMARKS: run.count("notes")},
        "job": run.undo_job_id or run.commit_job_id or run.check_job_id,
        "may_be_undone": actions.may_be_undone(run),
        "person": {"id": run.person_id, "label": str(run.person)},
        "created_at": moment(run.created_at),
        "imported_at": run.imported_at and moment(run.imported_at),
    }


MADE = described("Import", takes="ImportFile", status=201, headers=LOCATION)
MADE["requestBody"]["content"] = {"multipart/form-data": {"schema": ref("ImportFile")}}
CURSOR = parameter("cursor", {"type": "string"}, "next_cursor of the page before")
VERB = described("Import", also=(422,))
add_route(router, NAME, "GET", "", list_imports, described("ImportPage", parameters=[CURSOR]))
add_route(router, NAME, "POST", "", create, MADE)
add_route(router, NAME, "GET", "/{int:pk}", retrieve, described("Import"))
add_route(router, NAME, "PATCH", "/{int:pk}", update, described("Import", takes="ImportChanges"))
add_route(router, NAME, "DELETE", "/{int:pk}", discard, described(status=204, also=(422,)))
add_route(router, NAME, "GET", "/{int:pk}/rows", list_rows, described("ImportRowPage", parameters=[SHOW, CURSOR]))
for verb in (check, commit, undo):
    add_route(router, NAME, "POST", f"/{{int:pk}}/{verb.__name__}", verb, VERB)
