"""The record page in three columns: facts, what happened, what belongs to it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from crm.access.decisions import verbs_on
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType, record_types
from crm.ui.panels import panels_of
from crm.ui.values import Shown, Viewer
from crm.users.models import User, Watched
from crm.users.watching import count_read
from crm.views.loading import get_visible_or_404, person_of
from crm.views.middle import head_of, middle_of
from crm.views.position import neighbours

NAMED = frozenset({Kind.PERSON, Kind.TEAM, Kind.ENTRY})


@dataclass(frozen=True)
class Fact:
    """One field on the page; `editable` where this person may change it in place."""

    key: str
    label: Any
    shown: Shown
    editable: bool


@dataclass(frozen=True)
class FactSection:
    title: Any
    facts: list[Fact]
    open: bool


class RecordDetailView(LoginRequiredMixin, View):
    """One record: header with key facts, fields by section, composer and timeline, related panels."""

    model: ClassVar[Any]
    template_name: ClassVar[str] = "records/detail.html"

    @property
    def record_type(self) -> RecordType:
        return record_types.of(self.model)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        record = get_visible_or_404(self.model.objects.select_related(*self.related()), user, pk)
        count_read(request, Watched.OPENED)
        return render(request, self.template_name, self.context(request, record, user))

    def related(self) -> list[str]:
        """The people and teams that the record names, fetched with it. Records that it names are asked for among what the person sees."""
        fields = [field for field in self.record_type.fields.values() if field.kind in NAMED and not field.is_beyond]
        return [field.path for field in fields if field.column is not None and field.column.many_to_one]

    def context(self, request: HttpRequest, record: Any, user: User) -> dict[str, Any]:
        kind = self.record_type
        verbs = verbs_on(record, user, ("change", "delete", "share"))
        viewer = Viewer(user, kind, [record])
        facts = {
            key: Fact(key, field.label, viewer.show(field, record), verbs["change"] and field.editable_by(user))
            for key, field in kind.fields.items()
        }
        return {
            "record": record,
            "record_type": kind,
            "verbs": verbs,
            "subtitle": facts.get(kind.subtitle),
            "badge": facts.get(kind.badge),
            "header": head_of(request, record),
            "key_facts": [facts[key] for key in kind.key_facts],
            "sections": [FactSection(section.title, [facts[key] for key in section.fields], section.open) for section in kind.layout],
            "panels": panels_of(record, request),
            "middle": middle_of(request, record),
            "position": neighbours(request, record),
        }
