"""The rows and the count of a list, in as few statements as its order allows."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from crm.access.models import MANY
from crm.access.principals import principals_of, reach_mark
from crm.access.querysets import COUNT_CAP
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.query.compiling import to_q
from crm.query.paging import DEFAULT, Cursor, Page, newest_page_of, page_of, read_cursor, sort_of
from crm.query.rules import RuleError
from crm.search.find import candidate_ids
from crm.ui import formats
from crm.users.models import Reach, User
from crm.views.list_state import ListState

MOST_CANDIDATES, MANY_FOR = 200, 60
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
        if not state.sort.is_indexed and not self._may_sort():
            self.state = state.but(sort=sort_of(f"-{DEFAULT}", record_type, user))

    @cached_property
    def queryset(self) -> Any:
        """All rows of the list, in no order."""
        return self._matching_rows(self.record_type.objects().visible_to(self.user))

    def permitted(self, verb: str) -> Any:
        """Those of the list's rows on which the person may do this, in no order."""
        return self._matching_rows(self.record_type.objects().permitted_to(self.user, verb))

    def _matching_rows(self, rows: Any) -> Any:
        if self.state.search:
            rows = rows.filter(self._matching(self.state.search))
        return rows.filter(to_q(self.state.rule, self.record_type, self.user)) if self.state.rule.members else rows

    @property
    def _of_page(self) -> Any:
        """The same rows, asked for in the way that suits the few of one page."""
        if self.state.search or not self._sees_much:
            return self.queryset
        return self._matching_rows(self.record_type.objects().looked_up_for(self.user))

    @property
    def _sees_much(self) -> bool:
        """More than is ever counted, through many principals. Kept for a while: it decides how the rows are asked for, not which."""
        reach, own_table = self.record_type.reach(self.user, "view"), not self.record_type.model._meta.proxy
        if reach == Reach.ALL or not own_table or len(principals_of(self.user, self.record_type.key, "view")) <= MANY:
            return False
        key = f"sees-much:{self._mark}"
        known = _kept(key)
        if known is None:
            known = int(self._all() > COUNT_CAP)
            _keep(key, known)
        return bool(known)

    def page(self, fields: list[Field]) -> Page:
        """The page of the address, or the first one where its cursor means nothing; with the columns that these fields need."""
        after, before = self._cursor(self.state.after), self._cursor(self.state.before)
        page = self._page(fields, after, before)
        if before is not None and not page.has_previous and len(page.rows) < self.state.size:
            page = self._page(fields, None, None)
        return page

    def count(self) -> int:
        """How many, counted to 10,001 at most."""
        return self._counted

    @cached_property
    def _counted(self) -> int:
        if self.state.is_filtered:
            return int(self.queryset.capped_count())
        return self._all()

    def _all(self) -> int:
        """All that the person sees. "More than 10,000" stays true for a while: it is kept, numbers are not."""
        key = f"list-count:{self._mark}"
        known = _kept(key)
        if known is None:
            known = int(self.record_type.objects().visible_count(self.user))
            if known > COUNT_CAP:
                _keep(key, known)
        return known

    @property
    def _mark(self) -> str:
        """Names what the person sees: for keys of caches."""
        return f"{self.user.pk}:{reach_mark(self.user, self.record_type.key)}:{self.record_type.key}"

    @property
    def counts_slowly(self) -> bool:
        """Whether counting may take longer than the page itself: a filter, and far reach or many records within a near one.

        Without a filter, too, where a type shares its table with others: what is within reach has to be told apart.
        """
        if self.state.search or "_counted" in self.__dict__:
            return False
        if not self.state.rule.members:
            return bool(self.record_type.model._meta.proxy) and self.record_type.reach(self.user, "view") != Reach.ALL
        return self.record_type.reach(self.user, "view") in {Reach.ALL, Reach.TREE} or self._all() > FEW

    @property
    def is_newest(self) -> bool:
        """Whether the quick form of the default order serves."""
        return self.state.sort.is_default and not self.state.is_filtered

    def _page(self, fields: list[Field], after: Cursor | None, before: Cursor | None) -> Page:
        columns = columns_needed(self.record_type, fields)
        if self.is_newest:
            return newest_page_of(self.record_type.objects().only(*columns), self.user, self.state.size, after=after, before=before)
        return page_of(self._of_page.only(*columns), self.state.sort, self.state.size, after=after, before=before)

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
        if self._counted <= COUNT_CAP:
            return True
        text = _("Sorting by %(field)s works below %(most)s records: filter the list first. It is sorted by last change.")
        self.notices.append(text % {"field": self.state.sort.field.label, "most": formats.number(COUNT_CAP)})
        return False

    def _matching(self, text: str) -> Q:
        if len(text) < 2:
            title = self.record_type.sort_keys.get(self.record_type.title)
            return Q(**{f"{title}__startswith" if title else f"{self.record_type.title}__istartswith": text.lower()})
        ids = candidate_ids(text, self.user, self.record_type)
        if len(ids) >= MOST_CANDIDATES:
            self.notices.append(
                _("More than %(most)d records match: these are the closest and newest. Type more to see others.")
                % {"most": MOST_CANDIDATES}
            )
        return Q(pk__in=ids)


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


def _kept(key: str) -> int | None:
    """What the cache holds; nothing where it is out of reach: a list does without it."""
    try:
        known: int | None = cache.get(key)
    except RedisError:
        return None
    return known


def _keep(key: str, known: int) -> None:
    with suppress(RedisError):
        cache.set(key, known, MANY_FOR)
