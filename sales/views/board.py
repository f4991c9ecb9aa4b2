"""The board of a pipeline: a column for each stage with its sums, and the cards in it; the filters and views of the list."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from crm.access.decisions import may_create
from crm.fields.fields import Field
from crm.ui.values import Shown, Viewer
from crm.users.models import Watched
from crm.users.watching import count_read
from crm.views.list_rows import Count as Counted
from crm.views.lists import ListScreen, RecordListView
from sales.models import Opportunity, Pipeline, Stage

CARDS = 20
SHOWN = ("name", "customer", "amount", "close_date", "next_step", "owner")


@dataclass(frozen=True)
class Card:
    """One sale. `age` is "amber" or "red" where it stays longer than its stage expects."""

    opportunity: Opportunity
    shown: dict[str, Shown]
    age: str
    days: int


@dataclass(frozen=True)
class Column:
    """A stage with what is in it. `amount` and `weighted` are None where the role does not show amounts; sums are of the organization's
    currency, and `others` says how many amounts of other currencies they leave out.
    """

    stage: Stage
    count: int
    amount: Decimal | None
    weighted: Decimal | None
    others: int
    cards: list[Card]
    more: int


class BoardScreen(ListScreen):
    """Everything that one answer shows: one statement for the sums, two for the cards."""

    def part(self, name: str) -> HttpResponse:
        """Also "board", all of it, and "cards": more of one column."""
        if name == "board":
            return render(self.request, "sales/opportunities/board_columns.html", self._board())
        if name == "cards":
            return self._more()
        return super().part(name)

    def context(self) -> dict[str, Any]:
        board = self._board()
        total = sum(column.count for column in board["columns"] + board["ends"])
        return self.tools(Counted(total)) | board | {"drawn_otherwise": True}

    def _board(self) -> dict[str, Any]:
        groups = {row["stage"]: row for row in self._grouped()} if self._pipeline else {}
        stages = list(self._pipeline.stages.all()) if self._pipeline else []
        cards = self._cards_of([stage for stage in stages if stage.is_open], 0)
        columns = [self._column(stage, groups.get(stage.pk, {}), cards.get(stage.pk, [])) for stage in stages]
        return {
            "pipeline": self._pipeline,
            "pipelines": self._pipelines,
            "columns": [column for column in columns if column.stage.is_open],
            "ends": [column for column in columns if not column.stage.is_open],
            "board_url": reverse("opportunity-board") + self._query(("part", "board")),
            "list_url": self.record_type.list_url + self.state.query(),
            "board_query": self._query(),
            "currency": self.user.own_organization.currency,
            "may_create": may_create(self.user, Opportunity),
        }

    def _more(self) -> HttpResponse:
        """The next cards of one column, after as many as the page has."""
        stages = list(self._pipeline.stages.all()) if self._pipeline else []
        wanted, known = self.request.GET.get("stage", ""), self.request.GET.get("from", "")
        stage = next((one for one in stages if str(one.pk) == wanted), None)
        start = int(known) if known.isascii() and known.isdecimal() and len(known) < 7 else 0
        cards = self._cards_of([stage], start).get(stage.pk, []) if stage else []
        total = next((row["count"] for row in self._grouped() if stage and row["stage"] == stage.pk), 0)
        column = Column(stage, total, None, None, 0, cards, max(0, total - start - len(cards))) if stage else None
        context = {"column": column, "board_url": self._query(), "start": start + len(cards), "pipeline": self._pipeline}
        return render(
            self.request,
            "sales/opportunities/cards.html",
            context | {"currency": self.user.own_organization.currency, "more_url": self._query(("part", "cards"))},
        )

    def _query(self, *more: tuple[str, str]) -> str:
        own = [("pipeline", str(self._pipeline.pk))] if self._pipeline and not self._pipeline.is_default else []
        return self.state.query(*own, *more) or "?"

    @cached_property
    def _pipelines(self) -> list[Pipeline]:
        return list(Pipeline.objects.filter(organization_id=self.user.own_organization_id))

    @cached_property
    def _pipeline(self) -> Pipeline | None:
        asked = self.request.GET.get("pipeline", "")
        usual = next((one for one in self._pipelines if one.is_default), self._pipelines[0] if self._pipelines else None)
        return next((one for one in self._pipelines if str(one.pk) == asked), usual)

    @property
    def _opportunities(self) -> Any:
        return self.rows.queryset.filter(pipeline=self._pipeline)

    def _grouped(self) -> Any:
        """Count and sums by stage: one statement."""
        own = Q(currency__in=["", self.user.own_organization.currency])
        sums: dict[str, Any] = {"count": Count("pk")}
        if self._reads("amount"):
            sums |= {"sum": Sum("amount", filter=own), "others": Count("amount", filter=~own)}
            if self._reads("probability"):
                sums["weighted"] = Sum(F("amount") * F("probability") / 100, filter=own)
        return self._opportunities.order_by().values("stage").annotate(**sums)

    def _reads(self, key: str) -> bool:
        return self.record_type.fields[key].readable_by(self.user)

    def _column(self, stage: Stage, sums: dict[str, Any], cards: list[Card]) -> Column:
        count, readable = sums.get("count", 0), self._reads("amount")
        amount = (sums.get("sum") or Decimal(0)) if readable else None
        weighted = (sums.get("weighted") or Decimal(0)) if readable and self._reads("probability") else None
        return Column(stage, count, amount, weighted, sums.get("others", 0), cards, max(0, count - len(cards)) if stage.is_open else 0)

    def _cards_of(self, stages: list[Stage], start: int) -> dict[int, list[Card]]:
        """{stage: cards}, those that close first on top: one statement for the keys of all columns, one for their rows."""
        if not stages:
            return {}
        order = (F("close_date").asc(nulls_last=True), "pk")
        parts = [
            self._opportunities.filter(stage=stage).order_by(*order).values_list("pk", flat=True)[start : start + CARDS] for stage in stages
        ]
        keys = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
        found = Opportunity.objects.visible_to(self.user).filter(pk__in=keys).select_related("owner", "stage", "customer").order_by(*order)
        records = list(found)
        count_read(self.request, Watched.LISTED, len(records))
        fields: list[Field] = [self.record_type.fields[key] for key in SHOWN]
        viewer = Viewer(self.user, self.record_type, records, fields)
        cards: dict[int, list[Card]] = {}
        for record in records:
            shown = {field.key: viewer.show(field, record) for field in fields}
            cards.setdefault(record.stage_id, []).append(Card(record, shown, record.age, record.days_in_stage))
        return cards


class OpportunityBoard(RecordListView):
    model, template_name = Opportunity, "sales/opportunities/board.html"

    @property
    def screen_class(self) -> type[ListScreen]:
        return BoardScreen

    @property
    def address(self) -> str:
        return reverse("opportunity-board")
