"""A list of the workshop: never counted to its end, ordered by what an index holds, its values read as one person may."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst

from crm.access.querysets import COUNT_CAP
from crm.fields.fields import Field
from crm.fields.record_types import RecordType, record_types
from crm.ui import formats
from crm.ui.values import Shown, Viewer
from crm.users.models import Watched
from crm.users.watching import count_read
from crm.views.loading import person_of


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # of any rows
    """Counts to 10,000 and no further; there are no pages beyond."""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else rows.order_by().values("pk")[: COUNT_CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, COUNT_CAP)


class Column:
    """A column of a list: the texts of one field. Made for one request; `viewer` knows whose, once the rows are there."""

    def __init__(self, field: Field, record_type: RecordType) -> None:
        self.field = field
        self.viewer: Viewer | None = None
        self.__name__ = field.key
        self.short_description = capfirst(str(field.label))
        if field.key in record_type.sort_by:
            self.admin_order_field = record_type.sort_keys.get(field.key, field.path)

    def __call__(self, record: Any) -> str:
        return text_of(self.viewer.show(self.field, record)) if self.viewer else ""


def text_of(shown: Shown) -> str:
    """What stands on the page, as a text: the members of a list beside each other, a dash for nothing."""
    return ", ".join(part.text for part in shown.parts) or shown.text or formats.EMPTY


class BoundedChangeList(ChangeList):
    """Django's list with a count that may stop, and with orders that an index serves in both directions."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        self.result_list: Any = rows
        count_read(request, Watched.LISTED, len(rows))
        columns = [column for column in self.list_display if isinstance(column, Column)]
        if columns:
            record_type = record_types.of(self.model)
            viewer = Viewer(person_of(request), record_type, rows, [column.field for column in columns])
            for column in columns:
                column.viewer = viewer

    def get_ordering_field(self, field_name: Any) -> Any:
        """An address orders by no other column than the headings do."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """By one column and the key, in the same direction. What may be empty stands at the end of the descending order."""
        first = next(iter(super().get_ordering(request, queryset)), "-pk")
        if not isinstance(first, str):
            return [first, "pk"]
        descending, name = first.startswith("-"), first.removeprefix("-")
        if name == "pk":
            return [first]
        if self.model._meta.get_field(name).null:
            return [F(name).desc(nulls_last=True), "-pk"] if descending else [F(name).asc(nulls_first=True), "pk"]
        return [first, "-pk" if descending else "pk"]

    @property
    def count_text(self) -> str:
        counted: int = self.paginator.counted
        return formats.number(counted) if counted <= COUNT_CAP else f"{formats.number(COUNT_CAP)}+"
