"""The OpenAPI 3.1 document: routes as they are assembled, schemas from the fields of the organization that asks."""

import copy
from collections.abc import Callable
from typing import Any

from ninja import NinjaAPI

from crm.api.addresses import plural_of
from crm.api.bodies import written_fields
from crm.api.described import ref
from crm.fields.fields import Field
from crm.fields.kinds import RELATED, Kind
from crm.fields.record_types import RecordType, record_types
from crm.lib.keys import LARGEST
from crm.query.questions import filterable_fields
from crm.query.reading import level_of
from crm.users.models import FieldLevel, User

Schema = dict[str, Any]
ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}
AMOUNT: Schema = {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"}
TEXT: Schema = {"type": "string"}
GIVEN_AWAY = "null after making a record for somebody whose records you do not see: there is nothing to read"
NOBODY = User()
FIXED: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "code": {"type": "string", "description": "For programs"},
            "detail": {"type": "string", "description": "For people: what happened and what to do"},
            "errors": {
                "type": "array",
                "items": {"type": "object", "required": ["field", "message"], "properties": {"field": TEXT, "message": TEXT}},
            },
        },
    },
    "Named": {"type": "object", "required": ["id", "label"], "properties": {"id": {"type": ["integer", "null"]}, "label": TEXT}},
    "Money": {"type": "object", "required": ["amount", "currency"], "properties": {"amount": TEXT, "currency": TEXT}},
    "Share": {
        "type": "object",
        "properties": {"person": ID, "team": ID, "right": {"enum": ["view", "change"]}},
        "oneOf": [{"required": ["person"]}, {"required": ["team"]}],
        "additionalProperties": False,
    },
    "Holder": {
        "type": "object",
        "properties": {"person": ID, "team": ID},
        "oneOf": [{"required": ["person"]}, {"required": ["team"]}],
        "additionalProperties": False,
    },
    "Shares": {
        "type": "object",
        "required": ["shares"],
        "properties": {
            "shares": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["kind", "holder", "right"],
                    "properties": {"kind": {"enum": ["person", "team"]}, "holder": ref("Named"), "right": {"enum": ["view", "change"]}},
                },
            }
        },
    },
}


def page_of(name: str) -> Schema:
    """The schema of one page of these."""
    return {
        "type": "object",
        "required": ["data", "next_cursor"],
        "properties": {"data": {"type": "array", "items": ref(name)}, "next_cursor": {"type": ["string", "null"]}},
    }


def register(**schemas: Schema) -> None:
    """Schemas of rooms above, by name."""
    FIXED.update(schemas)


def register_further(record_type: str, **schemas: Schema) -> None:
    """What a new record of this type takes besides its fields."""
    _further.setdefault(record_type, {}).update(schemas)


_further: dict[str, dict[str, Schema]] = {}
_paths: dict[int, Any] = {}


def document(api: NinjaAPI, user: User | None) -> Schema:
    """For a person the fields that the role shows; for nobody those that every organization has."""
    if id(api) not in _paths:
        _paths[id(api)] = api.get_openapi_schema()["paths"]
    schemas = dict(FIXED)
    for record_type in record_types:
        schemas |= schemas_of(record_type, user or NOBODY)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tern", "version": api.version, "description": "Records under the rights of whoever made the token."},
        "security": [{"token": []}],
        "paths": copy.deepcopy(_paths[id(api)]),
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def schema_name(record_type: RecordType) -> str:
    return record_type.key.capitalize()


def schemas_of(record_type: RecordType, user: User) -> dict[str, Schema]:
    """The record as it is read, as it is made, as it is changed, a page of a list, and what a list is asked for by field."""
    name, fields = schema_name(record_type), record_type.fields
    shown = {key: field for key, field in fields.items() if level_of(field, user) != FieldLevel.HIDDEN}
    written = {key: field for key, field in written_fields(record_type).items() if field.editable_by(user)}
    read = {key: {"description": str(field.label), **read_as(field)} for key, field in shown.items()}
    taken: dict[str, Schema] = {key: {"description": str(field.label), **taken_as(field)} for key, field in written.items()}
    made = {**taken, **_further.get(record_type.key, {})}
    new: Schema = {"type": "object", "properties": made, "additionalProperties": False}
    if required := [key for key, field in written.items() if field.required]:
        new["required"] = required
    own = {"id": {"type": ["integer", "null"], "description": GIVEN_AWAY}, "version": {"type": "integer"}}
    asked = {key: TEXT for key, field in filterable_fields(record_type, user).items()}
    return {
        name: {"type": "object", "required": ["id"], "properties": {**own, **read}, "additionalProperties": False},
        f"New{name}": new,
        f"{name}Changes": {"type": "object", "properties": taken, "additionalProperties": False},
        f"{name}Page": page_of(name),
        f"{plural_of(record_type.key).capitalize()}ByField": {"type": "object", "properties": asked, "additionalProperties": False},
    }


def read_as(field: Field) -> Schema:
    """The value in an answer; null for none, and where the role masks it."""
    if field.is_beyond:
        return {}
    if field.kind in RELATED:
        return {"oneOf": [ref("Named"), {"type": "null"}]}
    if field.kind == Kind.MONEY:
        return {"oneOf": [ref("Money"), {"type": "null"}]}
    if field.kind == Kind.TAGS:
        return {"type": ["array", "null"], "items": ref("Named")}
    if field.kind == Kind.CHOICES:
        return {"type": ["array", "null"], "items": TEXT}
    kinds: dict[Kind, Schema] = {
        Kind.NUMBER: {"type": ["integer", "null"]},
        Kind.YES_NO: {"type": ["boolean", "null"]},
        Kind.DATE: {"type": ["string", "null"], "format": "date"},
        Kind.TIME: {"type": ["string", "null"], "format": "date-time"},
    }
    return dict(kinds.get(field.kind, {"type": ["string", "null"]}))


def taken_as(field: Field) -> Schema:
    """The value in a request; null empties it, where it may be empty."""
    schema = TAKEN.get(field.kind, _text)(field)
    return schema if field.required else {"anyOf": [schema, {"type": "null"}]}


def _text(field: Field) -> Schema:
    limit = getattr(field.column, "max_length", None)
    schema = {**TEXT, **({"maxLength": limit} if limit and field.kind == Kind.TEXT else {})}
    return {**schema, "minLength": 1} if field.required else schema


def _choice(field: Field) -> Schema:
    return {"enum": [key for key, _label in field.choices]}


def _related(field: Field) -> Schema:
    label: Schema = {"type": "object", "required": ["id"], "properties": {"id": ID, "label": {}}, "additionalProperties": False}
    return {"anyOf": [ID, label]}


TAKEN: dict[Kind, Callable[[Field], Schema]] = {
    Kind.NUMBER: lambda field: {"type": "integer"},
    Kind.DECIMAL: lambda field: {"anyOf": [AMOUNT, {"type": "integer"}]},
    Kind.MONEY: lambda field: {
        "anyOf": [
            AMOUNT,
            {"type": "integer"},
            {
                "type": "object",
                "required": ["amount"],
                "properties": {"amount": AMOUNT, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
                "additionalProperties": False,
            },
        ]
    },
    Kind.DATE: lambda field: {"type": "string", "format": "date"},
    Kind.TIME: lambda field: {"type": "string", "format": "date-time"},
    Kind.YES_NO: lambda field: {"type": "boolean"},
    Kind.CHOICE: _choice,
    Kind.CHOICES: lambda field: {"type": "array", "items": _choice(field)},
    Kind.COUNTRY: lambda field: {"type": "string", "pattern": "^[A-Z]{2}$"},
    Kind.CURRENCY: lambda field: {"type": "string", "pattern": "^[A-Z]{3}$"},
    Kind.LANGUAGE: lambda field: {"type": "string", "pattern": "^[a-z]{2,3}$"},
    Kind.PERSON: _related,
    Kind.TEAM: _related,
    Kind.REFERENCE: _related,
    Kind.ENTRY: _related,
    Kind.TAGS: lambda field: {"type": "array", "items": _related(field), "maxItems": 200},
}
