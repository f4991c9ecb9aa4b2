"""What a list shows, and its address: saved view, filters, search, order, columns, page. The address is the whole state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.fields.record_types import RecordType
from crm.query.actions import Arrangement, starting_view
from crm.query.address import Pairs, from_pairs, to_pairs
from crm.query.models import SavedView
from crm.query.paging import DEFAULT, Sort, sort_of
from crm.query.questions import checked
from crm.query.reading import level_of
from crm.query.rules import EVERYTHING, Group, Rule, RuleError, parse
from crm.query.words import Speaker
from crm.users.models import FieldLevel, User

SIZES, SIZE = (25, 50, 100), 50
WHOLE = "all"
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Base:
    """What the list would show without parameters: a saved view, or the record type's own list."""

    rule: Group
    sort: str
    columns: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class ListState:
    """`start` is the number of the first row as far as paging has counted it; `after` and `before` are cursors of the address.

    `whole` says in the address that it is the whole list: for people whose list opens with a view.
    """

    view: SavedView | None
    base: Base
    rule: Group
    search: str
    sort: Sort
    columns: tuple[str, ...]
    size: int
    after: str = ""
    before: str = ""
    start: int = 1
    whole: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.rule.members or self.search)

    @property
    def differs(self) -> bool:
        """Whether there is something to save that the view does not have."""
        return (self.rule, self.sort.key, self.columns, self.size) != (self.base.rule, self.base.sort, self.base.columns, self.base.size)

    @property
    def arrangement(self) -> Arrangement:
        return Arrangement(self.rule, list(self.columns), self.sort.key, self.size)

    def pairs(self) -> Pairs:
        """The parameters of the first page."""
        pairs: Pairs = [("view", str(self.view.pk))] if self.view else [("view", WHOLE)] if self.whole else []
        if self.rule != self.base.rule:
            pairs += to_pairs(self.rule) or [("f", "")]
        facts = [("q", self.search, ""), ("sort", self.sort.key, self.base.sort), ("size", str(self.size), str(self.base.size))]
        pairs += [(name, value) for name, value, usual in facts if value != usual]
        if self.columns != self.base.columns:
            pairs.append(("cols", ",".join(self.columns)))
        return pairs

    def query(self, *more: tuple[str, str]) -> str:
        """ "?f=…&sort=…" of the first page with these filters, and more parameters behind; "" for none."""
        pairs = [*self.pairs(), *more]
        return "?" + urlencode(pairs, safe=":,") if pairs else ""

    def but(self, **changes: Any) -> Self:
        """The first page of the same list with some facts changed."""
        return replace(self, **{"after": "", "before": "", "start": 1, **changes})


def read_state(params: QueryDict, record_type: RecordType, user: User, views: Sequence[SavedView]) -> tuple[ListState, list[str]]:
    """The list that an address describes, and a sentence for each part that is left out because it is not understood or not allowed."""
    notices: list[str] = []
    view = _view_of(params, views, notices)
    base = _base(record_type, user, view, notices)
    state = ListState(
        view=view,
        base=base,
        rule=_rule_of(params, record_type, user, base, notices),
        search=" ".join(params.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
        sort=_sort_of(params, record_type, user, base, notices),
        columns=_columns_of(params, record_type, user, base, notices),
        size=_number(params.get("size", ""), base.size, SIZES),
        after=params.get("after", ""),
        before="" if params.get("after") else params.get("before", ""),
        start=_number(params.get("n", ""), 1),
        whole=view is None and (params.get("view") == WHOLE or starting_view(user, record_type.key) is not None),
    )
    return state, notices


def filter_words(state: ListState, record_type: RecordType, by: User) -> str:
    """The filter and the search as they read; "" for the whole list."""
    return words_of(state.rule, state.search, record_type, by)


def words_of(rule: Group, text: str, record_type: RecordType, by: User) -> str:
    """A rule and a search as they read."""
    said = Speaker(record_type, by, [rule]).sentence(rule)
    search = _("“%(text)s”") % {"text": text} if text else ""
    return " · ".join(part for part in (search, said) if part)


def removed(part: str, sentence: str) -> str:
    """What a page says about a part of its address that it leaves out."""
    return _("This filter is not understood: %(reason)s “%(part)s” was removed.") % {"reason": sentence, "part": part[:120]}


def _view_of(params: QueryDict, views: Sequence[SavedView], notices: list[str]) -> SavedView | None:
    text = params.get("view", "")
    view = next((view for view in views if str(view.pk) == text), None)
    if text not in {"", WHOLE} and view is None:
        notices.append(_("This view is gone, or it is not shared with you. Showing the whole list."))
    return view


def _base(record_type: RecordType, user: User, view: SavedView | None, notices: list[str]) -> Base:
    columns = readable_columns(record_type, user, record_type.columns)
    if view is None:
        return Base(EVERYTHING, f"-{DEFAULT}", columns, SIZE)
    chosen = readable_columns(record_type, user, view.columns or record_type.columns)
    try:
        sort = sort_of(view.sort or f"-{DEFAULT}", record_type, user).key
    except RuleError as error:
        notices.append(str(error))
        sort = f"-{DEFAULT}"
    return Base(_rule_of_view(view, record_type, user, notices), sort, chosen, view.size if view.size in SIZES else SIZE)


def _rule_of_view(view: SavedView, record_type: RecordType, user: User, notices: list[str]) -> Group:
    """The view's rule without the members that this person may not ask."""
    try:
        rule: Rule = parse(view.rule) if view.rule else EVERYTHING
    except RuleError as error:
        notices.append(removed(view.name, str(error)))
        return EVERYTHING
    group = rule if isinstance(rule, Group) else Group("all", (rule,))
    members = []
    for member in group.members:
        try:
            members.append(checked(member, record_type, user))
        except RuleError as error:
            notices.append(removed(view.name, str(error)))
    return group.but(*members)


def _rule_of(params: QueryDict, record_type: RecordType, user: User, base: Base, notices: list[str]) -> Group:
    if not params.keys() & {"f", "g", "match"}:
        return base.rule
    fs, gs = params.getlist("f"), params.getlist("g")
    how = params.get("match", "all")
    return from_pairs(fs, gs, how, record_type, user, refuse=lambda part, sentence: notices.append(removed(part, sentence)))


def _sort_of(params: QueryDict, record_type: RecordType, user: User, base: Base, notices: list[str]) -> Sort:
    try:
        return sort_of(params.get("sort") or base.sort, record_type, user)
    except RuleError as error:
        notices.append(str(error))
        return sort_of(base.sort, record_type, user)


def _columns_of(params: QueryDict, record_type: RecordType, user: User, base: Base, notices: list[str]) -> tuple[str, ...]:
    wanted = params.getlist("c") or [key for key in params.get("cols", "").split(",") if key]
    if not wanted:
        return base.columns
    unknown = [key for key in wanted if key not in record_type.fields]
    if unknown:
        notices.append(_("There is no column “%(column)s”.") % {"column": unknown[0][:60]})
    return readable_columns(record_type, user, wanted)


def readable_columns(record_type: RecordType, user: User, keys: Sequence[str]) -> tuple[str, ...]:
    """The columns without those that the role hides; the title is always the first one."""
    fields = record_type.fields
    shown = [key for key in dict.fromkeys(keys) if key in fields and level_of(fields[key], user) != FieldLevel.HIDDEN]
    return (record_type.title, *[key for key in shown if key != record_type.title])


def _number(text: str, usual: int, allowed: Sequence[int] = ()) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else usual
    return number if number > 0 and (not allowed or number in allowed) else usual
