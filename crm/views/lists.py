"""The list of a record type. (First, small form.)"""

from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from crm.fields.record_types import record_types
from crm.search.find import candidate_ids
from crm.ui.values import Viewer
from crm.views.loading import person_of


class RecordListView(LoginRequiredMixin, View):
    """The newest 50 of what the person sees."""

    model: ClassVar[Any]

    def get(self, request: HttpRequest) -> HttpResponse:
        user, kind = person_of(request), record_types.of(self.model)
        text = request.GET.get("q", "")
        visible = self.model.objects.visible_to(user).select_related("owner")
        records = list(visible.filter(pk__in=candidate_ids(text, user, kind))[:50]) if text else list(visible.order_by("-updated_at", "-pk")[:50])
        viewer = Viewer(user, kind, records)
        columns = [kind.fields[key] for key in kind.columns if kind.fields[key].readable_by(user)]
        rows = [(record, [viewer.show(field, record) for field in columns[1:]]) for record in records]
        count = self.model.objects.visible_count(user)
        return render(request, "records/list.html", {"record_type": kind, "columns": columns, "rows": rows, "count": count, "query": text})
