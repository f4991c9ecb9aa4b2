"""CSV as PostgreSQL writes it: rows go from the database into the file without becoming Python objects."""

import csv
import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.db import connection

from crm.exports.expressions import RISKY
from crm.exports.rows import Statement

MARK = "\ufeff"


class CsvFile:
    """Writes to the end of the file. `state` is kept between chunks, and is empty: a CSV file needs none."""

    def __init__(self, *, delimiter: str, mark: bool) -> None:
        self._delimiter, self._mark = delimiter, mark

    def head(self, file: BinaryIO, headers: Sequence[str], state: dict[str, Any]) -> None:
        line = io.StringIO()
        csv.writer(line, delimiter=self._delimiter, lineterminator="\n").writerow(
            [f"'{header}" if header.startswith(RISKY) else header for header in headers]
        )
        file.write(((MARK if self._mark else "") + line.getvalue()).encode())

    def rows(self, file: BinaryIO, wanted: Statement, forms: Sequence[str], state: dict[str, Any]) -> int:
        """Returns how many."""
        query, parameters = wanted
        write = file.write
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER %s)", (*parameters, self._delimiter)) as copy:
                for line in copy:
                    write(line)
            return int(cursor.rowcount)

    def foot(self, file: BinaryIO, state: dict[str, Any]) -> None:
        """Nothing stands below the rows."""
