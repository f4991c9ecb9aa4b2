"""Many rows into PostgreSQL at once: COPY into a table of the transaction, from which INSERT … SELECT and UPDATE … FROM read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def temporary_table(cursor: Any, name: str, columns: Mapping[str, str]) -> Iterator[str]:
    """A table of this transaction: `columns` are {name: SQL type}. It is gone at the end of the block. Yields its name."""
    definition = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({definition}) ON COMMIT DROP')
    yield name
    cursor.execute(f'DROP TABLE "{name}"')


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table without a policy. Values as psycopg adapts them; JSON goes in as text. Returns how many."""
    names = ", ".join(f'"{column}"' for column in columns)
    count = 0
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
