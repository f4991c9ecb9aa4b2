"""An export becomes a file: what was asked is read again under the rights of now, then written chunk by chunk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.utils.text import capfirst

from crm.access.decisions import NotPermitted
from crm.exports.columns import Column, columns_of
from crm.exports.csv_file import CsvFile
from crm.exports.expressions import Manner
from crm.exports.models import Export, Format
from crm.exports.rows import Statement, statement
from crm.exports.xlsx_file import XlsxFile
from crm.fields.record_types import RecordType
from crm.query.paging import Sort, sort_of
from crm.query.questions import checked
from crm.query.rules import EVERYTHING, Group, parse
from crm.users.models import Reach, User
from crm.views.list_rows import ListRows
from crm.views.list_state import SIZE, Base, ListState


class Writer(Protocol):
    """A form of file. `state` is JSON that is kept between chunks, so that another process can go on."""

    def head(self, file: BinaryIO, headers: Sequence[str], state: dict[str, Any]) -> None: ...

    def rows(self, file: BinaryIO, wanted: Statement, forms: Sequence[str], state: dict[str, Any]) -> int: ...

    def foot(self, file: BinaryIO, state: dict[str, Any]) -> None: ...


def require_export(record_type: RecordType, by: User) -> None:
    """Raise NotPermitted unless there are records of this type that the person may export."""
    for verb in ("view", "export"):
        if record_type.reach(by, verb) == Reach.NONE:
            raise NotPermitted(by, verb, record_type=record_type.key)


class Making:
    """An export under the rights of whoever asked for it, as they are now. Raises NotPermitted, RuleError where they no longer suffice."""

    def __init__(self, export: Export, by: User) -> None:
        self.export, self.by, self.type = export, by, export.type
        require_export(self.type, by)
        self.sort: Sort = sort_of(export.sort, self.type, by)
        self.columns: list[Column] = columns_of(self.type, export.columns, by, self._manner)
        self.writer: Writer = self._writer

    @property
    def _manner(self) -> Manner:
        organization = self.by.own_organization
        return Manner(
            exact=self.export.exact, sheet=self.export.format == Format.XLSX, zone=self.by.zone_name,
            date_format=organization.date_format, currency=organization.currency,
        )  # fmt: skip

    @property
    def _writer(self) -> Writer:
        if self.export.format == Format.CSV:
            return CsvFile(delimiter=self.export.delimiter, mark=self.export.mark)
        return XlsxFile(title=capfirst(str(self.type.label_plural)), date_format=self.by.own_organization.date_format)

    @property
    def queryset(self) -> Any:
        """The records of the list that the person may export."""
        rule = checked(parse(self.export.rule), self.type, self.by) if self.export.rule else EVERYTHING
        group = rule if isinstance(rule, Group) else Group("all", (rule,))
        base = Base(EVERYTHING, self.sort.key, (), SIZE)
        state = ListState(view=None, base=base, rule=group, search=self.export.search, sort=self.sort, columns=(), size=SIZE)
        return ListRows(state, self.type, self.by).permitted("export")

    def head(self, file: BinaryIO, state: dict[str, Any]) -> None:
        self.writer.head(file, [column.header for column in self.columns], state)

    def rows(self, file: BinaryIO, keys: Sequence[int], state: dict[str, Any]) -> int:
        """Write these records, those that are gone by now left out. Returns how many."""
        wanted = statement(self.type, self.columns, self.sort, keys, self.by)
        return self.writer.rows(file, wanted, [column.form for column in self.columns], state) if wanted else 0

    def foot(self, file: BinaryIO, state: dict[str, Any]) -> None:
        self.writer.foot(file, state)


def new_file(path: Path) -> BinaryIO:
    """A file that the server alone may read, below a folder of that kind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = path.open("w+b")
    path.chmod(0o600)
    return file
