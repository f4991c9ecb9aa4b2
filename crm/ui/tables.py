"""The rows of a list page: hundreds of cells, filled from stencils instead of rendered one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import NUMERIC, Kind
from crm.fields.record_types import RecordType
from crm.query.reading import level_of
from crm.ui.drawing import draw
from crm.ui.stencils import Stencil
from crm.ui.templatetags.tern import avatar
from crm.ui.values import Shown, Viewer
from crm.users.models import FieldLevel, User

ROW = Stencil("records/list/row.html", "pk", "select", "url", "avatar", "title", "subtitle", "cells")
SUBTITLE = Stencil("records/list/subtitle.html", "text")
CELL = Stencil("records/list/cell.html", "classes", "label", "content")
EDITABLE = Stencil("records/list/editable.html", "url", "key", "content")
MARK = SafeString("\x02")  # stands where a value will be; no template holds it
QUIET = frozenset({Kind.TIME, Kind.DATE, Kind.COUNTRY, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `classes` are those of its cells; `editable` where the role lets this person edit the field in the cell."""

    field: Field
    label: str
    classes: str
    editable: bool


def columns_of(record_type: RecordType, keys: Sequence[str], user: User) -> list[Column]:
    """The columns behind the title's."""
    inline = record_type.inline if record_type.reach(user, "change") != "none" else []
    fields = [record_type.fields[key] for key in keys if key != record_type.title]
    editable = record_type.reach(user, "change") != "none"
    return [_column(field, user, field.key in inline or (field.custom is not None and editable)) for field in fields]


def _column(field: Field, user: User, inline: bool) -> Column:
    classes = "num" if field.kind in NUMERIC else "mut2" if field.kind in QUIET and not inline else ""
    return Column(field, capfirst(str(field.label)), classes, inline and level_of(field, user) == FieldLevel.EDIT)


class Table:
    """The rows of one page. `address` gives the link of a record: (key, number of the row on the page from 0).

    `beside` is what stands beside the title of a record, by key, instead of the type's subtitle.
    """

    def __init__(
        self,
        viewer: Viewer,
        columns: Sequence[Column],
        prefix: str,
        address: Callable[[int, int], str],
        beside: Mapping[int, str] | None = None,
    ) -> None:
        self.viewer, self.columns, self.prefix, self.address = viewer, columns, prefix, address
        self.beside = beside or {}
        record_type = viewer.record_type
        self._title = viewer.column(record_type.fields[record_type.title])
        self._subtitle = self._subtitle_of(record_type)
        self._cells = [(CellMaker(column), viewer.column(column.field)) for column in columns]

    def rows(self) -> list[SafeString]:
        """The markup of each row."""
        select = _("Select %(name)s")
        return [self._row(record, number, select) for number, record in enumerate(self.viewer.records)]

    def _row(self, record: Any, number: int, select: str) -> SafeString:
        shown = self._title(record)
        title = str(record) if shown.state == "empty" else shown.text
        address = f"{self.prefix}{record.pk}/"
        return ROW(
            pk=str(record.pk),
            select=select % {"name": title},
            url=self.address(record.pk, number),
            avatar=avatar(title, self.viewer.record_type.avatar),
            title=title,
            subtitle=self._small(record),
            cells=_joined([make(show(record), address) for make, show in self._cells]),
        )

    def _small(self, record: Any) -> SafeString:
        if record.pk in self.beside:
            return SUBTITLE(text=self.beside[record.pk])
        shown = self._subtitle(record) if self._subtitle else None
        return SUBTITLE(text=shown.text) if shown and shown.state == "value" else SafeString("")

    def _subtitle_of(self, record_type: RecordType) -> Callable[[Any], Shown] | None:
        key = record_type.subtitle
        taken = {column.field.key for column in self.columns}
        return self.viewer.column(record_type.fields[key]) if key in record_type.fields and key not in taken else None


class CellMaker:
    """The cells of one column: what all of them share is filled in once, values that come again are drawn once."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self._drawn: dict[int, tuple[Shown, SafeString]] = {}
        self._plain = _around(CELL(classes=column.classes, label=column.label, content=MARK))
        content = EDITABLE(url=MARK, key=column.field.key, content=MARK)
        self._editable = _around(CELL(classes=column.classes, label=column.label, content=content))

    def __call__(self, shown: Shown, address: str) -> SafeString:
        """A cell; `address` is the record's."""
        if not self.column.editable or shown.state not in {"value", "empty"}:
            return _joined([self._plain[0], self._draw(shown, plain=False), self._plain[1]])
        before, key, after = self._editable
        return _joined([before, address, key, self._draw(shown, plain=True), after])

    def _draw(self, shown: Shown, *, plain: bool) -> SafeString:
        """The same object of a choice or person comes in many rows: by its identity, while it is held here."""
        known = self._drawn.get(id(shown))
        if known is None:
            known = self._drawn[id(shown)] = (shown, draw(shown, plain=plain))
        return known[1]


def cell_content(column: Column, shown: Shown, address: str) -> SafeString:
    """What stands in the cell: the value, or a link to edit it."""
    if not column.editable or shown.state not in {"value", "empty"}:
        return draw(shown)
    return EDITABLE(url=address, key=column.field.key, content=draw(shown, plain=True, narrow=True))


def _around(markup: SafeString) -> list[SafeString]:
    """The parts of a stencil's markup between the marks."""
    return [SafeString(part) for part in markup.split(MARK)]


def _joined(parts: Sequence[str]) -> SafeString:
    """Parts that are markup already: a template's text, values drawn by a stencil, addresses made of numbers."""
    return SafeString("".join(parts))
