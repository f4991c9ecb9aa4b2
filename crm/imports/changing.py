"""What a program says about an import before its dry run: the wizard's questions as JSON, answered by the wizard's own forms."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports import actions
from crm.imports.forms import DELIMITERS, ENCODINGS, PROBLEMS, MatchForm
from crm.imports.mapping import Column, choose, from_json, numbered
from crm.imports.models import Import, Mode, Stage
from crm.imports.options import Options
from crm.imports.readers import UnreadableFile
from crm.imports.targets import fields_for
from crm.lib.countries import country_choices
from crm.records.own_ids import OWN_ID
from crm.users.models import User

DATES, MARKS = ("dmy", "mdy", "ymd"), (".", ",")
READING: dict[str, tuple[str, ...]] = {
    "encoding": ("", *(key for key, _label in ENCODINGS)),
    "delimiter": ("", *(key for key, _label in DELIMITERS)),
    "header": ("", "yes", "no"),
}
CHOSEN = ("match", "mode", "owner", "problems", "clear_empty", "create_companions", "create_tags", "consent_off")
FLAGS = CHOSEN[4:]
TEXT = {"type": "string"}
TAKEN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "mapping": {
            "description": "Columns that are to change; the others stay as they are",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["column"],
                "properties": {
                    "column": {"type": "integer", "minimum": 0},
                    "target": {
                        "type": ["string", "null"],
                        "description": "A field, perhaps with its way, as parent:domain; null leaves it out",
                    },
                    "date": {"enum": list(DATES)},
                    "decimal": {"enum": list(MARKS)},
                    "choices": {"type": "object", "description": "Value in the file: key of the choice", "additionalProperties": TEXT},
                },
                "additionalProperties": False,
            },
        },
        "reading": {
            "type": "object",
            "properties": {**{key: {"enum": list(known)} for key, known in READING.items()}, "sheet": TEXT, "country": TEXT},
            "additionalProperties": False,
        },
        "match": {"type": "array", "items": TEXT, "description": "One of matches; empty makes every row a new record"},
        "mode": {"enum": [str(mode) for mode in Mode]},
        "owner": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "problems": {"enum": [key for key, _label in PROBLEMS]},
        **{key: {"type": "boolean"} for key in FLAGS},
    },
    "additionalProperties": False,
}


def change_import(run: Import, data: dict[str, Any], *, by: User) -> None:
    """Raises ValidationError, by field. The import is locked."""
    unknown = {key.replace("\0", "")[:100] or "?": _("There is no such field to write.") for key in data if key not in TAKEN["properties"]}
    if unknown:
        raise ValidationError(unknown)
    if run.stage not in {Stage.MAPPING, Stage.CHECKED}:
        raise ValidationError(_("This import has gone on since, so its columns can no longer be changed."))
    if data.keys() & {"mapping", "reading"}:
        _map(run, data, by)
    if data.keys() & set(CHOSEN):
        _choose(run, data, by)


def _map(run: Import, data: dict[str, Any], by: User) -> None:
    columns = from_json(run.mapping)
    for entry in _list(data.get("mapping", []), "mapping"):
        number = entry.get("column") if isinstance(entry, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(columns):
            raise ValidationError(
                {"mapping": _("Name a column of the file by its number, from 0 to %(last)d.") % {"last": len(columns) - 1}}
            )
        columns[number] = _column(columns[number], entry, run, by)
    if "reading" in data:
        _read(run, data["reading"])
    try:
        actions.understand(run, by=by, keep=numbered(columns, list(run.type.further)), remember=False)
    except UnreadableFile as error:
        raise ValidationError({"reading": str(error)}) from None
    actions.keep_columns(run)


def _column(column: Column, entry: dict[str, Any], run: Import, by: User) -> Column:
    fields = fields_for(run.type, by)
    unknown = entry.keys() - {"column", "target", "date", "decimal", "choices"}
    target = entry.get("target", column.choice) or ""
    if unknown or not isinstance(target, str) or (target and target.partition(":")[0] not in {*fields, OWN_ID}):
        raise ValidationError({"mapping": _("Column %(number)d goes to no field that you may import.") % {"number": column.column}})
    column = choose(column, target, fields)
    if "date" in entry:
        column = replace(column, date=_one_of(entry["date"], DATES, "mapping"), date_ambiguous=False)
    if "decimal" in entry:
        column = replace(column, decimal=_one_of(entry["decimal"], MARKS, "mapping"))
    return replace(column, choices={**column.choices, **_choices(column, entry["choices"], fields)}) if "choices" in entry else column


def _choices(column: Column, raw: Any, fields: dict[str, Any]) -> dict[str, str]:
    field = fields.get(column.target)
    known = ("", *(key for key, _label in field.choices)) if field is not None else ("",)
    if not isinstance(raw, dict) or any("\0" in value for value in raw):
        raise ValidationError({"mapping": _('Send choices as {"value in the file": "choice"}.')})
    return {value: _one_of(key, known, "mapping") for value, key in raw.items()}


def _read(run: Import, raw: Any) -> None:
    """How the file is read from now on."""
    if not isinstance(raw, dict) or raw.keys() - {*READING, "sheet", "country"}:
        raise ValidationError({"reading": _("There is no such field to write.")})
    options = Options.of(run.settings)
    for key, value in raw.items():
        known = READING.get(key) or (("", *(code for code, _label in country_choices())) if key == "country" else None)
        setattr(options, key, _one_of(value, known, "reading") if known else _text(value))
    run.settings = options.as_json()


def _choose(run: Import, data: dict[str, Any], by: User) -> None:
    """By the form of the wizard's third step, which says what is wrong."""
    sent = {key: data[key] for key in CHOSEN if key in data}
    for key in sent.keys() & set(FLAGS):
        if not isinstance(sent[key], bool):
            raise ValidationError({key: _("Send true or false.")})
    if "owner" in sent and (not isinstance(sent["owner"], int) or isinstance(sent["owner"], bool) or not 0 < sent["owner"] < 2**63):
        raise ValidationError({"owner": _("Send an id, as 12.")})
    for key, known in (("mode", [str(mode) for mode in Mode]), ("problems", [key for key, _label in PROBLEMS])):
        if key in sent:
            _one_of(sent[key], known, key)
    if "match" in sent:
        sent["match"] = ",".join(_text(key) for key in _list(sent["match"], "match"))
    matches, new_tags = actions.possible_matches(run, by), actions.unknown_tags(run, by)
    before = MatchForm(run=run, by=by, matches=matches, new_tags=new_tags).initial
    form = MatchForm({**before, "owner": before["owner"] or by.pk, **sent}, run=run, by=by, matches=matches, new_tags=new_tags)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    actions.choose_how(run, form.cleaned_data, by=by)
    actions.keep_columns(run)


def _list(raw: Any, field: str) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > 1000:
        raise ValidationError({field: _("Send a list.")})
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or "\0" in raw:
        raise ValidationError(_("Send a text."))
    return raw[:100]


def _one_of(raw: Any, known: Any, field: str) -> str:
    if not isinstance(raw, str) or raw not in known:
        raise ValidationError({field: _("Send one of: %(known)s.") % {"known": ", ".join(f"“{one}”" for one in tuple(known)[:20])}})
    return raw
