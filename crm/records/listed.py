"""The records that a rule and a search describe, for one person, and one page of them: for lists, exports and the API alike."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from redis.exceptions import RedisError

from crm.access.models import MANY
from crm.access.principals import principals_of, reach_mark
from crm.access.querysets import COUNT_CAP
from crm.fields.record_types import RecordType
from crm.query.compiling import to_q
from crm.query.paging import Cursor, Page, Sort, newest_page_of, page_of
from crm.query.rules import Group
from crm.search.find import candidate_ids
from crm.users.models import Reach, User

MOST_CANDIDATES, MANY_FOR = 200, 60


@dataclass
class Listed:
    """`finds` after the first look: how many records the search found, MOST_CANDIDATES at most."""

    record_type: RecordType
    user: User
    rule: Group
    search: str = ""

    def __post_init__(self) -> None:
        self.finds = 0

    @cached_property
    def queryset(self) -> Any:
        """All of them, in no order."""
        return self._matching_rows(self.record_type.objects().visible_to(self.user))

    def permitted(self, verb: str) -> Any:
        """Those on which the person may do this, in no order."""
        return self._matching_rows(self.record_type.objects().permitted_to(self.user, verb))

    def page(self, sort: Sort, size: int, columns: Collection[str], *, after: Cursor | None = None, before: Cursor | None = None) -> Page:
        """Rows with these columns, in as few statements as their order allows."""
        if sort.is_default and not self.is_filtered:
            return newest_page_of(self.record_type.objects().only(*columns), self.user, size, after=after, before=before)
        return page_of(self._of_page.only(*columns), sort, size, after=after, before=before)

    @property
    def is_filtered(self) -> bool:
        return bool(self.rule.members or self.search)

    @cached_property
    def count(self) -> int:
        """How many, counted to 10,001 at most."""
        return int(self.queryset.capped_count()) if self.is_filtered else self.all()

    def all(self) -> int:
        """All that the person sees. "More than 10,000" stays true for a while: it is kept, numbers are not."""
        key = f"list-count:{self._mark}"
        known = _kept(key)
        if known is None:
            known = int(self.record_type.objects().visible_count(self.user))
            if known > COUNT_CAP:
                _keep(key, known)
        return known

    @property
    def is_counted(self) -> bool:
        return "count" in self.__dict__

    def _matching_rows(self, rows: Any) -> Any:
        if self.search:
            rows = rows.filter(self._found)
        return rows.filter(to_q(self.rule, self.record_type, self.user)) if self.rule.members else rows

    @cached_property
    def _found(self) -> Q:
        """A single letter asks for the beginning of the name; more of them for the closest 200."""
        if len(self.search) < 2:
            title = self.record_type.sort_keys.get(self.record_type.title)
            return Q(**{f"{title}__startswith" if title else f"{self.record_type.title}__istartswith": self.search.lower()})
        ids = candidate_ids(self.search, self.user, self.record_type)
        self.finds = len(ids)
        return Q(pk__in=ids)

    @property
    def _of_page(self) -> Any:
        """The same rows, asked for in the way that suits the few of one page."""
        if self.search or not self._sees_much:
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
            known = int(self.all() > COUNT_CAP)
            _keep(key, known)
        return bool(known)

    @property
    def _mark(self) -> str:
        """Names what the person sees: for keys of caches."""
        return f"{self.user.pk}:{reach_mark(self.user, self.record_type.key)}:{self.record_type.key}"


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
