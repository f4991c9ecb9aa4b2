"""Foreign keys while an empty database is filled."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND split_part(conrelid::regclass::text, '_', 1) = ANY(%s)
ORDER BY 1, 2
"""


@contextmanager
def checked_at_the_end(cursor: CursorWrapper, apps: list[str]) -> Iterator[None]:
    """Within: no foreign keys from the tables of these apps. Afterwards they are back, each checked for the whole table in one statement.

    Checked row by row, as a deferred key is at COMMIT, a million customers and what hangs on them take more than five minutes.
    Both happen in the caller's transaction, which locks these tables and those that they refer to until it ends.
    """
    cursor.execute(KEYS, [apps])
    keys = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
