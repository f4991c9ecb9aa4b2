"""Each request is logged once: by its route and never by its address, which may hold a secret."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
FROM_OUTSIDE = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET = {"healthz"}
log = logging.getLogger("tern.request")


class RequestLogMiddleware:
    """Gives each request an id, which all of its log lines and its answer carry, and logs it once.

    Fields: method, route (the pattern, without values), status, ms, statements, sql_ms, and whatever was bound meanwhile: person and
    organization, by key.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if FROM_OUTSIDE.fullmatch(given) else uuid.uuid4().hex
        statements = Statements()
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        with structlog.contextvars.bound_contextvars(request_id=request_id), connection.execute_wrapper(statements):
            response = self.get_response(request)
            response[HEADER] = request_id
            _log(request, response, time.perf_counter() - began, statements)
        return response


class Statements:
    """Counts what the request asks of the database, and for how long (seconds)."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float, statements: Statements) -> None:
    match = request.resolver_match
    if match is not None and match.url_name in QUIET and response.status_code < 400:
        return
    fields = {
        "method": request.method,
        "route": f"/{match.route}" if match is not None else "",
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "statements": statements.count,
        "sql_ms": round(statements.seconds * 1000, 1),
    }
    log.info("request", extra=fields)
