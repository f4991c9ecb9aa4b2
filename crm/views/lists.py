"""The list of a record type: saved views, filters, order, columns, pages. All of it in the address; every part works without scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from crm.access.decisions import NotPermitted, may_create
from crm.access.querysets import COUNT_CAP
from crm.fields.fields import Field
from crm.fields.record_types import RecordType, record_types
from crm.query.actions import is_kept_by, starting_view
from crm.query.models import Audience, SavedView
from crm.query.paging import Page, sort_of, sortable_fields, write_cursor
from crm.query.rules import Condition, Group, RuleError
from crm.query.words import Speaker
from crm.ui import formats
from crm.ui.bulk import bulk_actions_of
from crm.ui.list_links import list_links_of
from crm.ui.tables import Table, columns_of
from crm.ui.values import Viewer
from crm.users.models import Reach, Role, User, Watched
from crm.users.watching import count_read
from crm.views.filter_editor import FilterEditor, editor_of, is_applied, with_filter
from crm.views.list_columns import ColumnChoice, column_choices, is_sent, with_columns
from crm.views.list_rows import Count, ListRows
from crm.views.list_state import SIZES, WHOLE, ListState, read_state
from crm.views.loading import person_of
from crm.views.rule_builder import OPEN, RuleBuilder, is_open
from crm.views.view_counts import view_counts

MOST_CHOICES = 80


@dataclass(frozen=True)
class Chip:
    """A filter in force. `sentence` instead of the three parts for a group, which is edited in the tree of groups."""

    remove_url: str
    edit_url: str = ""
    field: str = ""
    operator: str = ""
    value: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Heading:
    """The head of a column. `order` is "ascending", "descending" or "none"; `url` is "" where it cannot be sorted by, `reason` says why."""

    key: str
    label: str
    classes: str
    order: str = "none"
    url: str = ""
    reason: str = ""


class RecordListView(LoginRequiredMixin, View):
    """The records of a type that the person sees. `model` names the type; the columns and orders come from its RecordType."""

    model: ClassVar[Any]
    template_name: ClassVar[str] = "records/list.html"

    @property
    def record_type(self) -> RecordType:
        return record_types.of(self.model)

    @property
    def screen_class(self) -> "type[ListScreen]":
        return ListScreen

    @property
    def address(self) -> str:
        """Where filters, views and orders lead: this page."""
        return self.record_type.list_url

    def get(self, request: HttpRequest) -> HttpResponse:
        user, kind = person_of(request), self.record_type
        if kind.reach(user, "view") == Reach.NONE:
            raise NotPermitted(user, "view", record_type=kind.key)
        views = list(SavedView.objects.offered_to(user).filter(record_type=kind.key).select_related("owner"))
        state, notices = read_state(request.GET, kind, user, views)
        start = starting_view(user, kind.key)
        if not request.GET and any(view.pk == start for view in views):
            return HttpResponseRedirect(f"{self.address}?view={start}")
        if is_sent(request.GET):
            return HttpResponseRedirect(self.address + (with_columns(request.GET, state) or "?"))
        if is_applied(request.GET):
            try:
                tree = [OPEN] if is_open(request.GET) else []
                return HttpResponseRedirect(self.address + with_filter(request.GET, state, kind, user).query(*tree))
            except RuleError as error:
                notices.append(str(error))
        screen = self.screen_class(request, state, kind, user, views, notices)
        screen.beside, screen.address = self.beside, self.address
        if request.headers.get("HX-Request") and "part" in request.GET:
            return screen.part(request.GET["part"])
        return render(request, self.template_name, screen.context())

    def beside(self, records: list[Any], user: User) -> dict[int, str]:
        """What stands beside the names of these records, by key; where it says nothing the type's subtitle does."""
        return {}


class ListScreen:
    """Everything that one answer shows."""

    def __init__(
        self, request: HttpRequest, state: ListState, record_type: RecordType, user: User, views: list[SavedView], notices: list[str]
    ) -> None:
        self.request, self.record_type, self.user, self.views = request, record_type, user, views
        self.rows = ListRows(state, record_type, user)
        self.state = self.rows.state
        self.notices = notices
        self.address = record_type.list_url
        self.beside: Callable[[list[Any], User], dict[int, str]] = lambda records, user: {}

    def part(self, name: str) -> HttpResponse:
        """A fragment for htmx: "count", "tabs" or "filter"."""
        if name == "tabs":
            return render(self.request, "records/list/tab_counts.html", {"counts": view_counts(self.views, self.record_type, self.user)})
        if name == "count":
            context = {"count": Count(self.rows.count()), "state": self.state, "shown": self.request.GET.get("shown", "")}
            return render(self.request, "records/list/count.html", context)
        return render(self.request, "records/list/filter_editor.html", self._shared() | {"editor": self._editor or FilterEditor([])})

    def context(self) -> dict[str, Any]:
        columns = columns_of(self.record_type, self.state.columns, self.user)
        fields = [self.record_type.fields[key] for key in self._read_keys()]
        page = self.rows.page(fields)
        count_read(self.request, Watched.LISTED, len(page.rows))
        count = self._count(page)
        viewer = Viewer(self.user, self.record_type, page.rows, fields)
        table = Table(viewer, columns, self.record_type.list_url, self._address(count), self.beside(page.rows, self.user))
        return self.tools(count) | {
            "rows": table.rows(),
            "headings": [self._heading(key, count) for key in self.state.columns],
            "summary": self._summary(page, count),
            "page": page,
            "previous_url": self._page_url("before", page) if page.has_previous and page.rows else "",
            "next_url": self._page_url("after", page) if page.has_next else "",
            "sizes": SIZES,
            "bulk_actions": bulk_actions_of(self.record_type, self.user),
        }

    def tools(self, count: Count) -> dict[str, Any]:
        """What stands above the records, however these are drawn."""
        return self._shared() | {
            "count": count,
            "notices": [*self.notices, *self.rows.notices],
            "chips": self._chips,
            "editor": self._editor,
            "column_choices": self._column_choices,
            "choosing": self.request.GET.get("choose") == "columns",
            "builder": RuleBuilder(self.state, self.record_type, self.user, self.request.GET) if is_open(self.request.GET) else None,
            "sorts": self._sorts(count),
            "audiences": Audience.choices,
            "match_url": self.match_url,
            "links": list_links_of(self.record_type, self.user, self.state.query()),
            "may_create": may_create(self.user, self.record_type.model),
        }

    @property
    def _column_choices(self) -> list[ColumnChoice]:
        """Few wait in the page; many are asked for by a link, so that no list pays for them."""
        if len(self.record_type.fields) > MOST_CHOICES and self.request.GET.get("choose") != "columns":
            return []
        return column_choices(self.state, self.record_type, self.user)

    def _shared(self) -> dict[str, Any]:
        view = self.state.view
        return {
            "record_type": self.record_type,
            "state": self.state,
            "address": self.address,
            "views": [(one, f"{self.address}?view={one.pk}", view is not None and one.pk == view.pk) for one in self.views],
            "whole_url": self.address + (f"?view={WHOLE}" if starting_view(self.user, self.record_type.key) else ""),
            "starts_here": starting_view(self.user, self.record_type.key) == (view.pk if view else None),
            "roles": self._roles() if view is not None and self.user.is_administrator else [],
            "keeps_view": view is not None and is_kept_by(view, self.user),
            "list_query": self.state.query(),
            "hidden": self.state.pairs(),
        }

    def _roles(self) -> list[tuple[Role, bool]]:
        """The roles that a view can be given to as the start of their lists, and whether it is."""
        view = self.state.view
        found = Role.objects.filter(organization=self.user.organization)
        return [(role, view is not None and role.start_views.get(self.record_type.key) == view.pk) for role in found]

    def _read_keys(self) -> list[str]:
        keys = [*self.state.columns, self.record_type.subtitle, self.record_type.title]
        return [key for key in dict.fromkeys(keys) if key in self.record_type.fields]

    def _count(self, page: Page) -> Count:
        if not self.state.after and not self.state.before and not page.has_next:
            return Count(len(page.rows))
        if self.rows.counts_slowly and self.request.GET.get("count") != "now":
            return Count(None)
        return Count(self.rows.count())

    def _address(self, count: Count) -> Any:
        """The link of each row: it says where in which list the record stands, for "previous" and "next" on its page."""
        query = self.state.query().removeprefix("?")
        behind = f"-{count.total}" if count.total is not None else ""
        behind += f".{quote(query)}" if query else ""
        prefix, start = self.record_type.list_url, self.state.start
        return lambda pk, number: f"{prefix}{pk}/?view={start + number}{behind}"

    def _summary(self, page: Page, count: Count) -> str:
        first = self.state.start if page.rows else 0
        last = self.state.start + len(page.rows) - 1 if page.rows else 0
        if count.total is not None and count.exact:
            last = min(last, count.total)
        span = f"{formats.number(first)}–{formats.number(last)}"
        return _("%(span)s of %(count)s") % {"span": span, "count": count} if count.total is not None else span

    def _page_url(self, where: str, page: Page) -> str:
        cursor, size = (page.last, len(page.rows)) if where == "after" else (page.first, -self.state.size)
        start = max(1, self.state.start + size)
        return self.state.query((where, write_cursor(cursor)), ("n", str(start))) or "?"

    @cached_property
    def _editor(self) -> FilterEditor | None:
        params = self.request.GET.copy()
        if is_applied(params):
            params["add"] = str(params["field"])
        return editor_of(params, self.state, self.record_type, self.user)

    @cached_property
    def _chips(self) -> list[Chip]:
        speaker = Speaker(self.record_type, self.user, [self.state.rule])
        chips = []
        for number, member in enumerate(self.state.rule.members):
            rest = [other for place, other in enumerate(self.state.rule.members) if place != number]
            remove = self.state.but(rule=self.state.rule.but(*rest) if rest else Group()).query() or "?"
            if isinstance(member, Condition):
                words = speaker.words(member)
                edit = self.state.query(("edit", str(number)))
                chips.append(Chip(remove, edit, words.field, words.operator, words.value))
            else:
                chips.append(Chip(remove, self.state.query(OPEN), sentence=speaker.sentence(member)))
        return chips

    @property
    def match_url(self) -> str:
        rule = self.state.rule
        return self.state.but(rule=Group("any" if rule.how == "all" else "all", rule.members)).query() or "?"

    def _heading(self, key: str, count: Count) -> Heading:
        field = self.record_type.fields[key]
        label = capfirst(str(field.label))
        column = next(iter(columns_of(self.record_type, [key], self.user)), None)
        classes = "num" if column and column.classes == "num" else ""
        if key not in self._sortable:
            return Heading(key, label, classes)
        if not field.indexed and count.total is not None and count.total > COUNT_CAP:
            return Heading(key, label, classes, reason=self._unsortable())
        sort, usual = self.state.sort, "-" if field.kind in {"datetime", "date", "money", "number", "decimal"} else ""
        if sort.field.key != key:
            return Heading(key, label, classes, url=self._sorted(f"{usual}{key}"))
        return Heading(
            key, label, classes, "descending" if sort.descending else "ascending", self._sorted(key if sort.descending else f"-{key}")
        )

    def _sorted(self, key: str) -> str:
        if key == self.state.base.sort:
            return self._unsorted or "?"
        return f"{self._unsorted}{'&' if self._unsorted else '?'}sort={key}"

    @cached_property
    def _unsorted(self) -> str:
        """The list's query without an order: one for all headings."""
        usual = sort_of(self.state.base.sort, self.record_type, self.user)
        return self.state.but(sort=usual).query()

    @cached_property
    def _sortable(self) -> dict[str, Field]:
        return sortable_fields(self.record_type, self.user)

    def _unsortable(self) -> str:
        return _("Filter to fewer than %(most)s records to sort by this") % {"most": formats.number(COUNT_CAP)}

    def _sorts(self, count: Count) -> list[Heading]:
        """The menu of orders: what has an index, and the columns in sight."""
        fields = [field for field in self._sortable.values() if field.indexed or field.key in self.state.columns]
        return [self._heading(field.key, count) for field in sorted(fields, key=lambda field: (not field.indexed, str(field.label)))]
