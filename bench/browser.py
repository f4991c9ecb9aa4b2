"""Calling a WSGI application as a server would, in this process, and counting what it asks of the database."""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import connections

from crm.api.actions import create_token
from crm.api.addresses import PREFIX
from crm.api.models import ApiToken
from crm.tenancy.transaction import tenant
from crm.users.models import User

TOKEN, NAME = "b" * 32, "bench"
FRAME = re.compile(r"^\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK|SELECT set_config|SELECT current_setting)", re.I)
WHO = re.compile(
    r'"?django_session"?|usersessions_|(FROM "(users_user|users_role|tenancy_organization)".*WHERE "\w+"\."id" = )|WITH RECURSIVE tree',
    re.S,
)


@dataclass
class Statements:
    """What one page asked.

    `frame` are SAVEPOINT and set_config, `who` the session, its person with role, organization and teams, `data` all others.
    """

    frame: list[str] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begun
            kind = self.frame if FRAME.match(sql) else self.who if WHO.search(sql) else self.data
            kind.append(sql)


@contextmanager
def counted() -> Iterator[Statements]:
    """All statements of this thread, on both roles' connections."""
    statements = Statements()
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(statements))
        yield statements


@dataclass(frozen=True)
class Answer:
    """`seconds` of wall time until the last byte of the body."""

    status: int
    body: bytes
    seconds: float
    headers: dict[str, str]


class Browser:
    """A client of a WSGI application; signed in where it has cookies, and by `token` where it asks the API."""

    def __init__(self, application: Any, cookies: dict[str, str] | None = None, token: str = "") -> None:
        self.application, self.cookies, self.token = application, cookies or {}, token

    def get(self, path: str, **headers: str) -> Answer:
        return self._call("GET", path, b"", headers)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Answer:
        return self._call("POST", path, urlencode(data).encode(), headers)

    def _call(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Answer:
        environ = self._environ(method, address, body) | {f"HTTP_{key.upper()}": value for key, value in headers.items()}
        seen: dict[str, Any] = {}

        def start_response(status: str, sent: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
            seen.update(status=int(status[:3]), headers=dict(sent))
            return lambda _data: None

        begun = time.perf_counter()
        response = self.application(environ, start_response)
        try:
            content = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        return Answer(seen["status"], content, time.perf_counter() - begun, seen["headers"])

    def _environ(self, method: str, address: str, body: bytes) -> dict[str, Any]:
        path, _mark, query = address.partition("?")
        shown = {"HTTP_AUTHORIZATION": f"Bearer {self.token}"} if path.startswith(PREFIX) else {}
        return shown | {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_USER_AGENT": "bench",
            "HTTP_ACCEPT": "text/html",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_X_CSRFTOKEN": TOKEN,
            "HTTP_REFERER": f"{'https' if settings.SECURE else 'http'}://localhost:8000/",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "https" if settings.SECURE else "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def signed_in(application: Any, user: User) -> Browser:
    """A browser with a session of that person, as signing in makes it, and a token that reads."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    with tenant(user.own_organization):
        ApiToken.objects.of(user).filter(name=NAME).delete()
        _token, secret = create_token(user, name=NAME)
    return Browser(application, {settings.SESSION_COOKIE_NAME: session.session_key or "", settings.CSRF_COOKIE_NAME: TOKEN}, secret)
