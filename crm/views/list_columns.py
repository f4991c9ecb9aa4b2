"""Which columns a list shows, in which order: chosen in a form whose buttons move them, without scripts too."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import capfirst

from crm.fields.record_types import RecordType
from crm.query.reading import level_of
from crm.users.models import FieldLevel, User
from crm.views.list_state import ListState

OPEN = ("choose", "columns")


@dataclass(frozen=True)
class ColumnChoice:
    """A column that is shown, or could be. `locked` is what the role hides."""

    key: str
    label: str
    chosen: bool
    locked: bool


def column_choices(state: ListState, record_type: RecordType, user: User) -> list[ColumnChoice]:
    """The shown ones in their order, then the others by name; the title is always there and first."""
    fields = record_type.fields
    others = sorted((key for key in fields if key not in state.columns), key=lambda key: str(fields[key].label).casefold())
    return [
        ColumnChoice(key, capfirst(str(fields[key].label)), key in state.columns, level_of(fields[key], user) == FieldLevel.HIDDEN)
        for key in [*state.columns, *others]
        if key != record_type.title
    ]


def is_sent(params: QueryDict) -> bool:
    """Whether the form was sent."""
    return "columns" in params


def with_columns(params: QueryDict, state: ListState) -> str:
    """The list's query with what the form says: the boxes in their order, one of them moved by its button; the form stays open for that."""
    chosen = list(dict.fromkeys(params.getlist("c")))
    step, key = (-1, params["up"]) if "up" in params else (1, params.get("down", ""))
    columns = [state.columns[0], *[column for column in chosen if column != state.columns[0]]]
    if key not in columns:
        return state.but(columns=tuple(columns)).query()
    at = columns.index(key)
    to = min(max(at + step, 1), len(columns) - 1)
    columns.insert(to, columns.pop(at))
    return state.but(columns=tuple(columns)).query(OPEN)
