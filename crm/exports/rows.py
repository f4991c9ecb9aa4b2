"""Which records an export holds, in which order, and the statement that writes some of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F

from crm.exports.columns import Column
from crm.fields.record_types import RecordType
from crm.query.paging import Sort
from crm.users.models import User

Statement = tuple[str, tuple[Any, ...]]


@models.BigAutoField.register_lookup
class OneOf(models.Lookup):
    """`pk__one_of=[…]`: `__in` with one array, where thousands of keys would each be prepared and written by themselves."""

    lookup_name, prepare_rhs = "one_of", False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*values, list(self.rhs))


def ordered(queryset: Any, sort: Sort) -> Any:
    """The rows in the order of the list."""
    rows = queryset.annotate(sort_key=sort.expression)
    last = {"nulls_last": True} if sort.nullable else {}
    key = F("sort_key")
    return rows.order_by(key.desc(**last) if sort.descending else key.asc(**last), "-pk" if sort.descending else "pk")


def in_chunks(queryset: Any, sort: Sort, size: int) -> Iterator[list[int]]:
    """The keys of all rows in their order, a chunk at a time: no more than that is in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1.0")  # all rows will be read: no plan that is quick for the first ones alone
    chunk: list[int] = []
    for pk in ordered(queryset, sort).values_list("pk", flat=True).iterator(chunk_size=size):
        chunk.append(pk)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def statement(record_type: RecordType, columns: Sequence[Column], sort: Sort, keys: Sequence[int], user: User) -> Statement | None:
    """One row of text for each of these records that the person may export now. None where that is certainly none."""
    rows = record_type.objects().permitted_to(user, "export").filter(pk__one_of=keys)
    values = {f"as_written_{number}": column.value for number, column in enumerate(columns)}
    try:
        query, parameters = ordered(rows, sort).annotate(**values).values_list(*values).query.sql_with_params()
    except EmptyResultSet:
        return None
    return query, parameters
