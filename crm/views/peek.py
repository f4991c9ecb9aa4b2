"""A glance at a record beside its list: the key facts, and what a call needs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from crm.access.decisions import may
from crm.fields.record_types import RecordType
from crm.ui.values import Viewer
from crm.users.models import Watched
from crm.users.watching import count_read
from crm.views.loading import get_visible_or_404, person_of, record_type_or_404

FACTS = 14


@login_required
def peek(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """The panel's content; opened without scripts it is a small page of its own."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_visible_or_404(kind.objects(), user, pk)
    count_read(request, Watched.OPENED)
    fields = [kind.fields[key] for key in _keys(kind)]
    viewer = Viewer(user, kind, [record], fields)
    facts = [(capfirst(str(field.label)), viewer.show(field, record)) for field in fields]
    context = {
        "record": record,
        "title": str(record),
        "record_type": kind,
        "facts": [fact for fact in facts if fact[1].state != "empty"],
        "may_change": may(user, "change", record),
    }
    template = "records/peek.html#panel" if request.headers.get("HX-Request") else "records/peek.html"
    return render(request, template, context)


def _keys(kind: RecordType) -> list[str]:
    """Key facts first, then the columns, then the first section."""
    keys = [*kind.key_facts, *kind.columns, *(kind.layout[0].fields if kind.sections else [])]
    return [key for key in dict.fromkeys(keys) if key in kind.fields and key != kind.title][:FACTS]
