"""Exporting in a test: the list's address and the form as a person sends them, and the file that comes."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client


@pytest.fixture(autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    if configured.configured:
        settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def exported(client_of: Callable[[Any], Client]) -> Callable[..., bytes]:
    """`exported(alice, "customer", "?f=…", format="xlsx", …)`: the bytes that her browser gets."""

    def export(person: Any, kind: str = "customer", query: str = "", **form: str) -> bytes:
        data = {"format": "csv", "columns": "list", "values": "plain", "delimiter": ",", **form}
        response = client_of(person).post(f"/exports/new/{kind}/{query}", data)
        assert response.status_code == 200, response.status_code
        assert "attachment" in response["Content-Disposition"]
        return content(response)

    return export


@pytest.fixture
def table(exported: Callable[..., bytes]) -> Callable[..., list[list[str]]]:
    """The same as rows of cells, the header first."""

    def rows(*arguments: Any, **form: str) -> list[list[str]]:
        text = exported(*arguments, **form).decode()
        return list(csv.reader(io.StringIO(text), delimiter=form.get("delimiter", ",")))

    return rows
