"""Installations beside the tests' own, for what is backed up, restored and upgraded."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections


@contextmanager
def empty_installation(settings: Any, media: Path) -> Iterator[dict[str, Any]]:
    """Another database of the same server, to which the owner's connection goes, and an empty folder for files."""
    owner = connections["owner"]
    before, name = dict(owner.settings_dict), f"{owner.settings_dict['NAME']}_restored"
    kept = settings.MEDIA_ROOT
    with connect(before, "postgres") as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    owner.close()
    owner.settings_dict["NAME"], settings.MEDIA_ROOT = name, str(media)
    try:
        yield {**before, "NAME": name}
    finally:
        owner.close()
        owner.settings_dict["NAME"], settings.MEDIA_ROOT = before["NAME"], kept
        with connect(before, "postgres") as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def connect(facts: dict[str, Any], database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=facts["HOST"], port=facts["PORT"], user=facts["USER"], password=facts["PASSWORD"], dbname=database, autocommit=True
    )


def contents(facts: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of all of them."""
    with connect(facts, facts["NAME"]) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        ask = "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{}\" t"
        return {table: connection.execute(ask.format(table).encode()).fetchone() or (0, "") for table in tables}  # type: ignore[misc]
