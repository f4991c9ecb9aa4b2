"""Statements whose answers nobody reads, sent to the database at once instead of one by one."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def sent_together() -> Iterator[None]:
    """Statements of this block go out without waiting for each other; their answers are awaited at its end.

    Order and transaction are as without it. An error is raised by whoever reads an answer, else at the end, as Django's own kind.
    Row counts are not known inside, so only statements that nobody asks for theirs belong here.
    """
    if not psycopg.Pipeline.is_supported():
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
