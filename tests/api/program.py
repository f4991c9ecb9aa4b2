"""A program that works with somebody's token."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from crm.api.actions import create_token
from crm.tenancy.transaction import tenant
from crm.users.models import User

ALL = ("*:*",)


class Program:
    """Asks the API: answers are Django's, with `.json()`."""

    def __init__(self, secret: str = "", **facts: Any) -> None:
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else None, **facts)

    def get(self, path: str, params: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", params or {}, headers=headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("POST", path, data, headers)

    def patch(self, path: str, data: Any, **headers: str) -> Any:
        return self._send("PATCH", path, data, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=headers)

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Any:
        body = data if isinstance(data, str | bytes) else json.dumps({} if data is None else data)
        return self.client.generic(method, f"/api/v1{path}", body, content_type="application/json", headers=headers)


def program_of(person: User, *scopes: str, **facts: Any) -> Program:
    with tenant(person.own_organization_id):
        _token, secret = create_token(person, name="Test", scopes=scopes or ALL)
    return Program(secret, **facts)


ProgramOf = Callable[..., Program]
