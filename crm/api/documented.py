"""Where the OpenAPI document is read: with a token the fields of its organization, without one those that every organization has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from crm.api.addresses import PREFIX, plural_of
from crm.api.described import JSON
from crm.api.entrance import TokenRequest, by_token
from crm.api.openapi import document
from crm.api.written import as_json
from crm.fields.record_types import record_types
from crm.query.reading import level_of
from crm.users.models import FieldLevel, User


def document_view(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The view of `openapi.json`, which says nothing of anybody without a token."""

    @by_token
    def of_person(request: TokenRequest) -> HttpResponse:
        return HttpResponse(as_json(document(api, request.user)), content_type=JSON)

    @require_safe
    def openapi(request: HttpRequest) -> HttpResponse:
        if request.headers.get("Authorization"):
            return of_person(request)
        return HttpResponse(as_json(document(api, None)), content_type=JSON)

    return openapi


@dataclass(frozen=True)
class Line:
    """One operation."""

    method: str
    path: str
    summary: str
    answers: str


@dataclass(frozen=True)
class FieldLine:
    """One field, and what the person may do with it."""

    key: str
    label: Any
    kind: str
    choices: str
    rights: Any


@dataclass
class Group:
    """What is asked of one kind of thing."""

    name: str
    operations: list[Line]
    fields: list[FieldLine]


def docs_view(api: NinjaAPI) -> Callable[..., Any]:
    """The page about the API, for people: the same document in words."""

    @login_required
    @require_safe
    def docs(request: HttpRequest) -> HttpResponse:
        user = request.user if isinstance(request.user, User) else None
        groups: dict[str, Group] = {}
        for path, operations in document(api, user)["paths"].items():
            for method, facts in operations.items():
                name = facts["tags"][0]
                group = groups.setdefault(name, Group(name, [], _fields(name, user)))
                answers = " ".join(str(code) for code in facts["responses"] if code < 400 or code in {412, 428})
                group.operations.append(Line(method.upper(), path.removeprefix("/api/v1"), facts["summary"], answers))
        base = request.build_absolute_uri(PREFIX)
        return render(request, "api/docs.html", {"groups": list(groups.values()), "base": base})

    return docs


def _fields(name: str, user: User | None) -> list[FieldLine]:
    kind = next((kind for kind in record_types if plural_of(kind.key) == name), None)
    if kind is None or user is None:
        return []
    levels = {key: level_of(field, user) for key, field in kind.fields.items() if not field.is_beyond}
    return [
        FieldLine(key, field.label, str(field.kind), " ".join(str(choice) for choice, _label in field.choices), levels[key].label)
        for key, field in kind.fields.items()
        if levels.get(key, FieldLevel.HIDDEN) != FieldLevel.HIDDEN
    ]
