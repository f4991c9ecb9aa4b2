"""Which records are meant: those with a tick, or all that the list's address describes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from crm.fields.record_types import RecordType
from crm.lib.keys import key_of
from crm.query.models import SavedView
from crm.users.models import User
from crm.views.list_rows import Count, ListRows
from crm.views.list_state import ListState, filter_words, read_state

MOST_TICKS = 1_000


@dataclass(frozen=True)
class Selection:
    """`notices` say which parts of the list's address are not understood: then nothing may be done with all that match."""

    record_type: RecordType
    user: User
    keys: tuple[int, ...]
    every: bool
    state: ListState
    notices: list[str]

    @cached_property
    def listed(self) -> ListRows:
        return ListRows(self.state, self.record_type, self.user)

    @property
    def rows(self) -> Any:
        """What the person sees of it, in no order."""
        if self.every:
            return self.listed.queryset
        return self.record_type.objects().visible_to(self.user).filter(pk__in=self.keys)

    @cached_property
    def count(self) -> Count:
        return Count(int(self.rows.capped_count()))

    @property
    def words(self) -> str:
        """The filter as it reads, of all that match."""
        return filter_words(self.state, self.record_type, self.user) if self.every else ""

    @property
    def list_url(self) -> str:
        return self.record_type.list_url + (self.state.query() or "?")

    def pairs(self, *, every: bool | None = None) -> list[tuple[str, str]]:
        """The parameters that say it again."""
        every = self.every if every is None else every
        ticks = [("every_match", "1")] if every else [("pk", str(key)) for key in self.keys]
        return [("list", self.state.query()), *ticks]

    def query(self, *more: tuple[str, str], every: bool | None = None) -> str:
        return "?" + urlencode([*self.pairs(every=every), *more])


def selection_of(params: QueryDict, record_type: RecordType, user: User) -> Selection:
    """`list` is the list's query, `pk` the ticks, `every_match` all that match. What is no key is left out."""
    views = list(SavedView.objects.offered_to(user).filter(record_type=record_type.key).select_related("owner"))
    listed = QueryDict(params.get("list", "").removeprefix("?"))
    state, notices = read_state(listed, record_type, user, views)
    keys = tuple(dict.fromkeys(key for text in params.getlist("pk")[:MOST_TICKS] if (key := key_of(text))))
    return Selection(record_type, user, keys, params.get("every_match") == "1", state, notices)
