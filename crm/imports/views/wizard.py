"""The wizard before the dry run: upload, map columns, choose the key. Each step is a page of its own."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from crm.fields.kinds import NUMERIC, Kind
from crm.fields.record_types import record_types
from crm.imports import actions
from crm.imports.dry_run import open_import
from crm.imports.forms import FileForm, MatchForm, UploadForm, shortened, targets_of
from crm.imports.mapping import Column, choose, from_json, numbered
from crm.imports.models import Import, Stage
from crm.imports.options import Options
from crm.imports.readers import UnreadableFile
from crm.imports.targets import fields_for
from crm.imports.views.loading import import_or_404
from crm.imports.views.quota import Quota
from crm.imports.views.samples import DATES, Samples
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of

PREVIEW = 5
READ_FOR_SAMPLES = 200
SHOWN_SAMPLES = 3
MOST_CHOICES = 300
DEFAULTED = "owner"  # step 3 asks who owns new records
EDITABLE = frozenset({Stage.MAPPING, Stage.CHECKED})


@csrf_exempt  # `_upload` asks for the token: the quota must stand before anybody reads the request
@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Step 1: the file."""
    quota = Quota(request)
    request.upload_handlers = [quota, *request.upload_handlers]
    return _upload(request, quota)


@csrf_protect
def _upload(request: HttpRequest, quota: Quota) -> HttpResponse:
    user = person_of(request)
    form = UploadForm(request.POST or None, request.FILES or None, user=user, initial={"record_type": request.GET.get("type", "")})
    if quota.exceeded:
        form = UploadForm({}, {}, user=user)
        form.errors.clear()
        form.add_error("file", actions.too_large())
    elif request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.begin_import(record_types.get(form.cleaned_data["record_type"]), file.name, file.chunks(), by=user)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return HttpResponseRedirect(reverse("import-columns", args=[run.pk]))
    return render(request, "imports/upload.html", {"form": form, "step": 1}, status=422 if form.errors else 200)


def _gone_on(request: HttpRequest, run: Import) -> HttpResponse:
    """For a second window, a second click, the way back of the browser: the import is somewhere else by now."""
    toast(request, _("This import has gone on since, so its columns can no longer be changed."))
    return HttpResponseRedirect(run.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which column goes where; and how the file is read, with its first rows."""
    user = person_of(request)
    run = import_or_404(user, pk, lock=request.method == "POST")
    if run.stage not in EDITABLE:
        return _gone_on(request, run)
    fields = fields_for(run.type, user)
    error = ""
    if request.method == "POST":
        try:
            return _save_columns(request, run, user, fields)
        except (UnreadableFile, ValidationError) as problem:
            error = str(problem) if isinstance(problem, UnreadableFile) else " ".join(problem.messages)
            run = import_or_404(user, pk)
    return render(request, "imports/columns.html", {**_columns_page(run, user, fields), "error": error}, status=422 if error else 200)


def _save_columns(request: HttpRequest, run: Import, user: User, fields: dict[str, Any]) -> HttpResponse:
    """The mapping as chosen; with other file settings the file is read again and what was chosen is kept where the header is the same."""
    before = from_json(run.mapping)
    chosen = numbered([_chosen(request, column, fields) for column in before], list(run.type.further))
    reread = "reread" in request.POST
    if reread:
        options = Options.of(run.settings)
        for name in ("encoding", "delimiter", "sheet", "header", "country"):
            setattr(options, name, request.POST.get(name, "")[:100])
        run.settings = options.as_json()
    actions.understand(run, by=user, keep=chosen)
    actions.keep_columns(run)
    if reread:
        return HttpResponseRedirect(reverse("import-columns", args=[run.pk]))
    if not any(column.target for column in chosen):
        raise ValidationError(_("No column goes to a field yet. Choose at least one."))
    return HttpResponseRedirect(reverse("import-match", args=[run.pk]))


def _chosen(request: HttpRequest, column: Column, fields: dict[str, Any]) -> Column:
    column = choose(column, request.POST.get(f"column-{column.column}", column.choice), fields)
    order = request.POST.get(f"date-{column.column}", "")
    if order in {"dmy", "mdy", "ymd"} and column.date:
        column = replace(column, date=order, date_ambiguous=column.date_ambiguous and order == column.date)
    mark = request.POST.get(f"decimal-{column.column}", "")
    return replace(column, decimal=mark) if mark in {".", ","} else column


def _columns_page(run: Import, user: User, fields: dict[str, Any]) -> dict[str, Any]:
    with open_import(run, actions.limits()) as table:
        sample = table.sample(READ_FOR_SAMPLES)
        guessed = {
            "encoding": table.encoding,
            "delimiter": {"\t": "tab", "": "none"}.get(table.delimiter, table.delimiter),
            "sheet": table.sheet,
        }
        facts = {"sheets": table.sheets, "notes": table.notes, "preamble": table.preamble}
    mapping = from_json(run.mapping)
    samples, filled = Samples(Options.of(run.settings), fields, user), {column.target for column in mapping} | {DEFAULTED}
    return {
        "run": run,
        "step": 2,
        "rows": [_row(column, sample, fields, samples) for column in mapping],
        "matched": sum(1 for column in mapping if column.target),
        "missing": [field.label for field in fields.values() if field.required and field.key not in filled],
        "targets": targets_of(fields, run.type.further),
        "no_rows": not sample,
        "single": run.kind == "csv" and len(run.columns) == 1 and any(mark in run.columns[0] for mark in ",;\t|"),
        "preview": [row[:8] for row in sample[:PREVIEW]],
        "preview_columns": run.columns[:8],
        "form": FileForm(run=run, guessed=guessed, sheets=facts["sheets"] if len(facts["sheets"]) > 1 else []),
        **facts,
    }


def _row(column: Column, sample: list[list[str]], fields: dict[str, Any], samples: Samples) -> dict[str, Any]:
    """One line of the table: samples, what is chosen, what there is to say about it."""
    target = fields.get(column.target)
    values = list(dict.fromkeys(row[column.column].strip() for row in sample if row[column.column].strip()))
    open_choices = [value for value, key in column.choices.items() if not key]
    read, wrong = samples.of(column, values)
    return {
        "column": column,
        "target": target,
        "samples": " · ".join(value[:40] for value in values[:SHOWN_SAMPLES]),
        "read": read,
        "wrong": wrong,
        "is_date": target is not None and target.kind in DATES and column.part == "value",
        "is_number": target is not None and target.kind in NUMERIC and any(mark in value for value in values for mark in ".,"),
        "is_choice": target is not None and target.kind == Kind.CHOICE and bool(column.choices),
        "open_choices": len(open_choices),
        "suggested": len(column.suggested),
    }


@login_required
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest, pk: int, column: int) -> HttpResponse:
    """The values of one picklist column, each with the choice that it means."""
    user = person_of(request)
    run = import_or_404(user, pk, lock=request.method == "POST")
    if run.stage not in EDITABLE:
        return _gone_on(request, run)
    mapping = from_json(run.mapping)
    fields = fields_for(run.type, user)
    if column >= len(mapping) or fields.get(mapping[column].target) is None or not mapping[column].choices:
        raise Http404
    current, target = mapping[column], fields[mapping[column].target]
    if request.method == "POST":
        known = dict(target.choices)
        picked = {
            value: key
            for number, (value, before) in enumerate(current.choices.items())
            if (key := request.POST.get(f"value-{number}", before)) in known or not key
        }
        mapping[column] = replace(current, choices={**current.choices, **picked}, suggested=[])
        run.mapping = [each.as_json() for each in mapping]
        actions.keep_columns(run)
        return HttpResponseRedirect(reverse("import-columns", args=[run.pk]))
    values = [
        {"number": number, "value": value, "key": key, "unsure": value in current.suggested}
        for number, (value, key) in enumerate(current.choices.items())
    ]
    return render(
        request, "imports/choices.html",
        {"run": run, "step": 2, "column": current, "target": target, "values": values[:MOST_CHOICES], "more": len(values) - MOST_CHOICES},
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: how records are recognised and what is done with them; starts the dry run."""
    user = person_of(request)
    run = import_or_404(user, pk, lock=request.method == "POST")
    if run.stage not in EDITABLE:
        return _gone_on(request, run)
    matches, new_tags = actions.possible_matches(run, user), actions.unknown_tags(run, user)
    form = MatchForm(request.POST or None, run=run, by=user, matches=matches, new_tags=new_tags)
    if request.method == "POST" and form.is_valid():
        actions.choose_how(run, form.cleaned_data, by=user)
        try:
            actions.start_check(run, by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return HttpResponseRedirect(run.get_absolute_url())
    left_out = "" if "create_tags" in form.fields or not new_tags else shortened(new_tags)
    return render(
        request, "imports/match.html", {"run": run, "step": 3, "form": form, "left_out": left_out}, status=422 if form.errors else 200
    )
