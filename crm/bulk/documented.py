"""Changes of many in the OpenAPI document."""

from typing import Any

from crm.api import openapi
from crm.api.described import IDEMPOTENCY, LIMITS, LIST, LOCATION, Extra, described, parameter, ref
from crm.api.openapi import ID
from crm.api.router import RecordRouter
from crm.bulk.models import Kind, Stage, State
from crm.views.selection import MOST_TICKS

TEXT = {"type": "string"}
IDS = {"type": "array", "items": ID, "maxItems": MOST_TICKS}
WHICH: dict[str, Any] = {
    "ids": {**IDS, "minItems": 1, "description": "These records"},
    "every_match": {"const": True, "description": "All that the address finds: it takes the filters of the list"},
    "preview": {"type": "boolean", "description": "Look only: what would become of each. Then /bulk/{id}/run does it"},
}
RELATED = {"anyOf": [ID, {"type": "object", "required": ["id"], "properties": {"id": ID, "label": {}}, "additionalProperties": False}]}
RIGHT = {"enum": ["view", "change", "none"], "description": "none takes a share back"}


def _wish(*required: str, **properties: Any) -> dict[str, Any]:
    """An object that says which records, and what to make of them."""
    return {
        "type": "object",
        "properties": {**WHICH, **properties},
        "required": list(required),
        "oneOf": [{"required": ["ids"]}, {"required": ["every_match"]}],
        "additionalProperties": False,
    }


WISHES: dict[str, dict[str, Any]] = {
    Kind.ASSIGN: _wish("owner", owner=RELATED),
    Kind.TAG: {**_wish(add=IDS, remove=IDS), "anyOf": [{"required": ["add"]}, {"required": ["remove"]}]},
    Kind.SHARE: {
        **_wish(person=ID, team=ID, right=RIGHT),
        "allOf": [{"oneOf": [{"required": ["person"]}, {"required": ["team"]}]}],
    },
    Kind.DELETE: _wish(),
}
REASON = {"type": "object", "required": ["id", "reason"], "properties": {"id": {"type": "integer"}, "reason": TEXT}}
openapi.register(
    **{f"Bulk{kind.capitalize()}": wish for kind, wish in WISHES.items()},
    BulkRefused=REASON,
    BulkRefusedPage=openapi.page_of("BulkRefused"),
    BulkChange={
        "type": "object",
        "required": ["id", "record_type", "kind", "stage", "counts"],
        "properties": {
            "id": {"type": "integer"},
            "record_type": TEXT,
            "kind": {"enum": Kind.values},
            "what": {**TEXT, "description": "The change in words"},
            "filter": {**TEXT, "description": "The filter in words"},
            "stage": {"enum": Stage.values},
            "counts": {"type": "object", "properties": {state: {"type": "integer"} for state in State.values}},
            "refused": {"type": "array", "items": ref("BulkRefused"), "description": "The first 50; all of them under /refused"},
            "missing": {"type": "array", "items": {"type": "integer"}, "description": "Ids that do not exist or are not visible to you"},
            "may_be_undone": {"type": "boolean"},
            "job": {"type": ["integer", "null"], "description": "Which works on it, see /jobs; none where it was done at once"},
            "created_at": {**TEXT, "format": "date-time"},
            "finished_at": {"type": ["string", "null"], "format": "date-time"},
        },
    },
    BulkChangePage=openapi.page_of("BulkChange"),
)
FILTERS = [each for each in LIST if each["name"] in {"filter", "f", "match", "q"}]
CURSOR = next(each for each in LIST if each["name"] == "cursor")
ACCEPTED = {
    "description": "A job works on it",
    "headers": {**LIMITS, "Location": {"description": "The address of the job", "schema": TEXT}},
    "content": {"application/json": {"schema": ref("BulkChange")}},
}


def of_wish(records: RecordRouter, kind: str) -> Extra:
    """The route that changes many records of a type."""
    name = records.record_type.key.capitalize()
    takes = f"Bulk{kind.capitalize()}"
    if kind == Kind.EDIT:
        takes = f"{name}{takes}"
        openapi.register(**{takes: _wish("values", values=ref(f"{name}Changes"))})
    by_field = parameter("by_field", ref(f"{records.plural.capitalize()}ByField"), "Any field with its value", style="form", explode=True)
    return _or_by_job(described("BulkChange", takes=takes, status=201, parameters=[IDEMPOTENCY, *FILTERS, by_field], headers=LOCATION))


def of_verb() -> Extra:
    """What is done with a change that is there."""
    return _or_by_job(described("BulkChange", also=(422,)))


def _or_by_job(extra: Extra) -> Extra:
    extra["responses"][202] = ACCEPTED
    return extra
