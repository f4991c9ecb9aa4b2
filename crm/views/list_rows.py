"""The rows and the count of a list, in as few statements as its order allows."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from crm.access.querysets import COUNT_CAP
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.query.paging import DEFAULT, Cursor, Page, read_cursor, sort_of
from crm.query.rules import RuleError
from crm.records.listed import MOST_CANDIDATES, Listed
from crm.ui import formats
from crm.users.models import Reach, User
from crm.views.list_state import ListState

T = TypeVar("T")
FEW = 2_000


@dataclass(frozen=True)
class Count:
    """How many records the list has; `exact` is false above 10,000. `total` is None while it is not counted yet."""

    total: int | None

    @property
    def exact(self) -> bool:
        return self.total is not None and self.total <= COUNT_CAP

    def __str__(self) -> str:
        if self.total is None:
            return ""
        return formats.number(self.total) if self.exact else f"{formats.number(COUNT_CAP)}+"


class ListRows:
    """The records that a list's state describes, for one person. `notices` say what could not be done as asked."""

    def __init__(self, state: ListState, record_type: RecordType, user: User) -> None:
        self.state, self.record_type, self.user = state, record_type, user
        self.notices: list[str] = []
        self._said_more = False
        self._listed = Listed(record_type, user, state.rule, state.search)
        if not state.sort.is_indexed and not self._may_sort():
            self.state = state.but(sort=sort_of(f"-{DEFAULT}", record_type, user))

    @property
    def queryset(self) -> Any:
        """All rows of the list, in no order."""
        return self._heard(self._listed.queryset)

    def permitted(self, verb: str) -> Any:
        """Those of the list's rows on which the person may do this, in no order."""
        return self._heard(self._listed.permitted(verb))

    def page(self, fields: list[Field]) -> Page:
        """The page of the address, or the first one where its cursor means nothing; with the columns that these fields need."""
        after, before = self._cursor(self.state.after), self._cursor(self.state.before)
        page = self._page(fields, after, before)
        if before is not None and not page.has_previous and len(page.rows) < self.state.size:
            page = self._page(fields, None, None)
        return page

    def count(self) -> int:
        """How many, counted to 10,001 at most."""
        return self._heard(self._listed.count)

    @property
    def counts_slowly(self) -> bool:
        """Whether counting may take longer than the page itself: a filter, and far reach or many records within a near one.

        Without a filter, too, where a type shares its table with others: what is within reach has to be told apart.
        """
        if self.state.search or self._listed.is_counted:
            return False
        if not self.state.rule.members:
            return bool(self.record_type.model._meta.proxy) and self.record_type.reach(self.user, "view") != Reach.ALL
        return self.record_type.reach(self.user, "view") in {Reach.ALL, Reach.TREE} or self._listed.all() > FEW

    @property
    def is_newest(self) -> bool:
        """Whether the quick form of the default order serves."""
        return self.state.sort.is_default and not self.state.is_filtered

    def _page(self, fields: list[Field], after: Cursor | None, before: Cursor | None) -> Page:
        columns = columns_needed(self.record_type, fields)
        return self._heard(self._listed.page(self.state.sort, self.state.size, columns, after=after, before=before))

    def _heard(self, answer: T) -> T:
        """With a notice where the search found more than it gives."""
        if self._listed.finds >= MOST_CANDIDATES and not self._said_more:
            self._said_more = True
            text = _("More than %(most)d records match: these are the closest and newest. Type more to see others.")
            self.notices.append(text % {"most": MOST_CANDIDATES})
        return answer

    def _cursor(self, text: str) -> Cursor | None:
        if not text:
            return None
        try:
            return read_cursor(text, self.state.sort)
        except RuleError as error:
            self.notices.append(str(error))
            return None

    def _may_sort(self) -> bool:
        """Without an index every row is read to sort it, so only few rows are."""
        if self._heard(self._listed.count) <= COUNT_CAP:
            return True
        text = _("Sorting by %(field)s works below %(most)s records: filter the list first. It is sorted by last change.")
        self.notices.append(text % {"field": self.state.sort.field.label, "most": formats.number(COUNT_CAP)})
        return False


def columns_needed(record_type: RecordType, fields: list[Field]) -> set[str]:
    """The model's columns that these fields and the record's name are read from."""
    needed = {"pk", record_type.title, "updated_at"}
    for field in fields:
        name = field.path.partition("__")[0]
        if field.kind == Kind.TAGS:
            continue
        needed.add(name)
        if field.kind == Kind.MONEY:
            needed |= {getattr(field.column, "currency", "currency")} & {column.name for column in record_type.model._meta.concrete_fields}
    return needed | {flag for flag, about in record_type.consent.items() if about in needed}
