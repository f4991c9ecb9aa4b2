"""Imports: the list, one import with its dry run and its result, importing, undoing, throwing away."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crm.fields.fields import Field
from crm.fields.kinds import RELATED, Kind
from crm.imports import actions
from crm.imports.models import Action, Import, ImportRow, Stage
from crm.imports.options import Options
from crm.imports.staging import CELLS
from crm.imports.views.loading import import_or_404, imports_of
from crm.jobs.models import Job, State
from crm.records.stored import Decoder
from crm.ui import formats
from crm.ui.toasts import toast
from crm.ui.values import Viewer
from crm.users.models import Team, User
from crm.views.loading import person_of

PAGE = 50
MOST_FIELDS = 6


@login_required
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """Imports, newest first: ?before is the key of the last one shown."""
    before = request.GET.get("before", "")
    runs = imports_of(person_of(request)).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        runs = runs.filter(pk__lt=int(before))
    page = list(runs[: PAGE + 1])
    following = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(request, "imports/list.html", {"runs": page[:PAGE], "next": following, "first": not before})


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands. While a job runs, its page asks every two seconds for the part that moves."""
    user = person_of(request)
    run = import_or_404(user, pk)
    if run.stage == Stage.MAPPING and not (run.check_job and run.check_job.error):
        return _back_to_columns(request, run)
    job = _job(run)
    if request.headers.get("HX-Request"):
        response = render(request, "imports/detail.html#progress", {"run": run, "job": job})
        if job is None or job.has_ended:
            response["HX-Refresh"] = "true"
        return response
    return render(request, "imports/detail.html", {"run": run, "job": job, "step": 4, **_rows_page(request, run, user)})


def _back_to_columns(request: HttpRequest, run: Import) -> HttpResponse:
    """A dry run that was stopped leaves the import at its columns; a page that asks for its progress goes there as a whole."""
    if run.check_job and run.check_job.state == State.CANCELLED:
        toast(request, _("The dry run was stopped. Nothing was saved."))
    url = reverse("import-columns", args=[run.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _job(run: Import) -> Job | None:
    """The job whose progress is worth showing."""
    running = {Stage.CHECKING: run.check_job, Stage.IMPORTING: run.commit_job, Stage.UNDOING: run.undo_job, Stage.MAPPING: run.check_job}
    stopped = run.undo_job or run.commit_job
    return stopped if run.stage == Stage.STOPPED else running.get(Stage(run.stage))


TABS = [
    (Action.REFUSED, gettext_lazy("Rows with problems")),
    ("notes", gettext_lazy("With remarks")),
    (Action.CHANGED, gettext_lazy("Changed")),
    (Action.NEW, gettext_lazy("New")),
    (Action.SAME, gettext_lazy("Unchanged")),
]


def _rows_page(request: HttpRequest, run: Import, user: User) -> dict[str, Any]:
    tabs = [(str(key), label, run.count(str(key))) for key, label in TABS]
    chosen = request.GET.get("rows", "")
    if chosen not in {key for key, _label, _count in tabs}:
        chosen = next((key for key, _label, count in tabs if count), Action.REFUSED.value)
    after = request.GET.get("after", "")
    rows = ImportRow.objects.filter(organization_id=run.organization_id, run=run)
    rows = rows.exclude(remarks=[]).exclude(action=Action.REFUSED) if chosen == "notes" else rows.filter(action=chosen)
    if after.isdecimal() and len(after) < 10:
        rows = rows.filter(number__gt=int(after))
    page = list(rows.order_by("number")[: PAGE + 1]) if run.stage not in {Stage.CHECKING} else []
    following = f"?{urlencode({'rows': chosen, 'after': page[PAGE - 1].number})}" if len(page) > PAGE else ""
    words = Words(run, user, page)
    return {
        "tabs": tabs,
        "chosen": chosen,
        "rows": [words.line(row) for row in page[:PAGE]],
        "next": following,
        "first": not after,
        "bar": _bar(run) if run.rows else [],
        "undoable": actions.may_be_undone(run),
        "has_refused": run.refused_path.exists() if run.folder else False,
        "stops": Options.of(run.settings).stop_on_problems and run.count(Action.REFUSED) > 0,
    }


def _bar(run: Import) -> list[tuple[str, str, str]]:
    """The shares of the rows as (hue, start, width) in percent."""
    parts, start = [], 0.0
    for action, hue in ((Action.NEW, "green"), (Action.CHANGED, "blue"), (Action.SAME, "grey"), (Action.REFUSED, "red")):
        width = 100 * run.count(action) / run.rows if run.rows else 0.0
        parts.append((hue, f"{start:.2f}%", f"{width:.2f}%"))
        start += width
    return parts


class Words:
    """Staged values as people read them, under the field access of whoever looks."""

    def __init__(self, run: Import, user: User, rows: list[ImportRow]) -> None:
        self._run = run
        self._fields = {key: field for key, field in run.type.fields.items() if field.readable_by(user)}
        self._viewer, self._decoder = Viewer(user, run.type, []), Decoder(run.type)
        self._names = {key: self._load(field, rows, user) for key, field in self._fields.items() if field.kind in REFERRED}

    def _load(self, field: Field, rows: list[ImportRow], user: User) -> dict[int, str]:
        """Names of what the page's rows refer to; records only within sight."""
        values = [value for row in rows for value in (row.values.get(field.key), row.old.get(field.key)) if value]
        pks = {pk for value in values for pk in (value if isinstance(value, list) else [value])}
        if not pks:
            return {}
        column: Any = field.column
        model: Any = column.remote_field.model if column.remote_field else User
        objects = model.objects.filter(organization_id=user.organization_id, pk__in=pks)
        if model not in {User, Team} and hasattr(objects, "visible_to"):
            objects = model.objects.visible_to(user).filter(pk__in=pks)
        return {found.pk: str(found) for found in objects}

    def line(self, row: ImportRow) -> dict[str, Any]:
        """`remarks` are (column, what the file says there, sentence), `changes` (label, old, new), `values` (label, value)."""
        changed = row.action == Action.CHANGED
        keys = [key for key in (row.old if changed else row.values) if key in self._fields]
        old, new = self._draft(row.old), self._draft(row.values)
        return {
            "row": row,
            "remarks": [(column, row.values.get(CELLS, {}).get(column, ""), sentence) for column, sentence in row.remarks],
            "url": self._url(row),
            "changes": [
                (self._fields[key].label, self._word(key, row.old.get(key), old), self._word(key, row.values.get(key), new)) for key in keys
            ]
            if changed
            else [],
            "values": [] if changed else [(self._fields[key].label, self._word(key, row.values[key], new)) for key in keys[:MOST_FIELDS]],
            "points": [value for values in row.values.get("+points", {}).values() for _label, value in values],
        }

    def _draft(self, values: dict[str, Any]) -> Any:
        """A record of the values that are columns, to be shown as its page would."""
        draft: Any = self._run.type.model()
        draft.fill(self._decoder.plain(values))
        return draft

    def _url(self, row: ImportRow) -> str:
        written = row.action in {Action.SAME, Action.CHANGED} or (
            row.action == Action.NEW and self._run.stage in {Stage.DONE, Stage.UNDOING}
        )
        if not written or not row.record_id or row.action == Action.REFUSED:
            return ""
        return reverse(f"{self._run.record_type}-detail", args=[row.record_id])

    def _word(self, key: str, value: Any, draft: Any) -> str:
        field = self._fields[key]
        if value in (None, "", []):
            return "—"
        if field.kind in REFERRED:
            names = self._names.get(key, {})
            several = value if isinstance(value, list) else [value]
            return ", ".join(names.get(pk, _("new one")) for pk in several)
        if field.kind == Kind.MONEY:  # the currency may stand in another row of the page
            amount = Decimal(value)
            return formats.number(amount, 2 if amount % 1 else 0)
        if field.column is None:
            return str(field.label_of(value))
        shown = self._viewer.show(field, draft)
        return (shown.title if field.kind == Kind.TIME else "") or shown.text


REFERRED = RELATED | {Kind.TAGS}


def _after(request: HttpRequest, pk: int, start: Any, done: str) -> HttpResponse:
    user = person_of(request)
    run = import_or_404(user, pk)
    try:
        start(run, by=user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    else:
        toast(request, done)
    return HttpResponseRedirect(run.get_absolute_url())


@login_required
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the dry run said."""
    return _after(request, pk, actions.start_commit, _("Import started"))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the import back."""
    return _after(request, pk, actions.start_undo, _("Undo started"))


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away an import that was not written."""
    user = person_of(request)
    run = import_or_404(user, pk)
    try:
        actions.discard_import(run, by=user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return HttpResponseRedirect(run.get_absolute_url())
    toast(request, _("Import thrown away"))
    return HttpResponseRedirect(reverse("import-list"))


@login_required
@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows as a file: the columns as they were and the reason."""
    run = import_or_404(person_of(request), pk)
    if not run.folder or not run.refused_path.exists():
        raise Http404
    name = run.file_name.rsplit(".", 1)[0]
    return FileResponse(
        run.refused_path.open("rb"), as_attachment=True, filename=_("%(file)s refused.csv") % {"file": name}, content_type="text/csv"
    )
