"""Every error as RFC 9457: one JSON object that says what happened and what to do."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as ParameterError

from crm.query.rules import RuleError
from crm.records.actions import Conflict

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that is refused. `errors` are [{"field", "message"}], `headers` go with the answer."""

    def __init__(
        self, status: int, detail: str, *, code: str = "", errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code
        self.errors, self.headers = errors or [], headers or {}

    def response(self) -> HttpResponse:
        return problem(self.status, self.detail, code=self.code, errors=self.errors, headers=self.headers)


def problem(
    status: int, detail: str, *, code: str = "", errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None
) -> HttpResponse:
    """The answer. `code` is for programs; without one it is the status in words."""
    found = HTTPStatus(status)
    data: dict[str, Any] = {
        "type": "about:blank",
        "title": found.phrase,
        "status": status,
        "code": code or found.name.lower(),
        "detail": detail,
    }
    if errors:
        data["errors"] = errors
    return HttpResponse(json.dumps(data), content_type=MEDIA_TYPE, status=status, headers=headers)


def usual(status: int) -> str:
    """What is said of a status where nobody said more."""
    return {
        400: _("The server could not read this request."),
        401: _("Send a valid token: Authorization: Bearer tern_…"),
        403: _("You may not do this."),
        404: _("This is gone, or it was never shared with you."),
        405: _("This address does not answer to this method."),
        413: _("This request is too large."),
        415: _("Send JSON: Content-Type: application/json."),
        500: _("Something went wrong on the server. Try again; if it fails again, tell an administrator."),
        503: _("The server is busy or being looked after. Try again in a minute."),
    }.get(status, HTTPStatus(status).phrase)


def errors_of(error: ValidationError) -> list[dict[str, str]]:
    """By field; "" where several fields together are wrong."""
    if not hasattr(error, "error_dict"):
        return [{"field": "", "message": message} for message in error.messages]
    return [
        {"field": "" if key == NON_FIELD_ERRORS else key, "message": message}
        for key, messages in error.message_dict.items()
        for message in messages
    ]


def invalid(error: ValidationError) -> HttpResponse:
    errors = errors_of(error)
    detail = errors[0]["message"] if len(errors) == 1 else _("%(n)d values cannot be taken: see errors.") % {"n": len(errors)}
    return problem(422, detail, code="invalid", errors=errors)


def _conflict(error: Conflict) -> HttpResponse:
    return problem(412, _("%(what)s Read it again, and send its new version.") % {"what": error}, code="version_conflict")


def _parameters(error: ParameterError) -> HttpResponse:
    errors = [{"field": ".".join(str(part) for part in each["loc"][1:]), "message": str(each["msg"])} for each in error.errors]
    return problem(422, usual(400), code="invalid", errors=errors)


def add_handlers(api: NinjaAPI) -> None:
    """What routes raise, as answers. What nobody expects goes on to Django, which logs it."""

    def handle(kind: type[Exception], answer: Any) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(error))

    def unexpected(request: HttpRequest, error: Any) -> HttpResponse:
        raise error

    api.add_exception_handler(Exception, unexpected)
    handle(Problem, lambda error: error.response())
    handle(Http404, lambda error: problem(404, usual(404)))
    handle(PermissionDenied, lambda error: problem(403, str(error) or usual(403)))
    handle(ValidationError, invalid)
    handle(RuleError, lambda error: problem(400, str(error), code="invalid_query"))
    handle(Conflict, _conflict)
    handle(RequestDataTooBig, lambda error: problem(413, usual(413)))
    handle(ParameterError, _parameters)
    handle(HttpError, lambda error: problem(error.status_code, str(error)))
