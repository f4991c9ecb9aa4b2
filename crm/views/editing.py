"""Making and changing a record on a page of its own, or in a dialog: the same form, the same action."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from crm.access.decisions import NotPermitted, may, may_create
from crm.fields.record_types import RecordType, record_types
from crm.records.actions import Conflict, create_record, update_record
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.forms import RecordForm, record_form
from crm.views.loading import get_permitted_or_404, person_of
from crm.views.once import already_done, form_token, remember
from crm.views.similar import similar_records


@dataclass(frozen=True)
class FormSection:
    title: Any
    fields: list[BoundField]
    open: bool


@dataclass(frozen=True)
class ConflictRow:
    """One field that two people changed: what this person typed, and what stands now."""

    key: str
    label: Any
    mine: Any
    theirs: Any


class RecordFormView(LoginRequiredMixin, View):
    """What creating and editing share. `model` names the record type."""

    model: ClassVar[Any]
    template_name = "records/form.html"

    @property
    def record_type(self) -> RecordType:
        return record_types.of(self.model)

    def answer(self, request: HttpRequest, form: RecordForm, **context: Any) -> HttpResponse:
        context |= {"form": form, "record_type": self.record_type, "sections": sections_of(form), "in_dialog": _in_dialog(request)}
        template = "records/form_dialog.html" if _in_dialog(request) else self.template_name
        return render(request, template, context, status=form.status)

    def where(self, record: Any, user: User) -> str:
        """Its page; the list where it was given to somebody whose records the person does not see."""
        own = record.owner_id == user.pk or may(user, "view", record)
        return str(record.get_absolute_url() if own else self.record_type.list_url)

    def done(self, request: HttpRequest, url: str) -> HttpResponse:
        if _in_dialog(request):
            response = HttpResponse(status=204)
            response.headers["HX-Redirect"] = url
            return response
        return HttpResponseRedirect(url)


class RecordCreateView(RecordFormView):
    """A new record. A repeated submission answers with the record that the first one made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = self._permitted(request)
        known = {key: value for key, value in request.GET.items() if key in self.record_type.fields}
        form = record_form(self.record_type, user)(user=user, initial={"owner": user.pk, **known})
        return self.answer(request, form, token=form_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        user = self._permitted(request)
        done = already_done(request)
        if done:
            return self.done(request, done)
        form = record_form(self.record_type, user)(request.POST, user=user)
        if not form.is_valid():
            form.status = 422
            return self.answer(request, form, token=request.POST.get("token"))
        similar = similar_records(self.record_type, form.cleaned_data, user)
        if similar and "confirmed" not in request.POST:
            form.status = 422
            return self.answer(request, form, token=request.POST.get("token"), similar=similar)
        record = form.apply(lambda: create_record(self.model, by=user, **form.wanted()))
        if record is None:
            return self.answer(request, form, token=request.POST.get("token"))
        address = self.where(record, user)
        remember(request, address)
        toast(request, _("%(noun)s added") % {"noun": capfirst(str(self.record_type.label))})
        return self.done(request, address)

    def _permitted(self, request: HttpRequest) -> User:
        user = person_of(request)
        if not may_create(user, self.model):
            raise NotPermitted(user, "create", record_type=self.record_type.key)
        return user


class RecordUpdateView(RecordFormView):
    """All fields of a record. Sends the version that was seen; a conflict shows both values to choose from."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        record = get_permitted_or_404(self.model.objects, user, "change", pk)
        form = record_form(self.record_type, user)(user=user, instance=record)
        return self.answer(request, form, record=record)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        record = get_permitted_or_404(self.model.objects, user, "change", pk)
        form = record_form(self.record_type, user)(request.POST, user=user, instance=record)
        if not form.is_valid():
            form.status = 422
            return self.answer(request, form, record=record)
        values = _resolved(form.wanted(), request)
        version = form.cleaned_data.get("version")
        saved = form.apply(lambda: update_record(record, by=user, version=version, **values))
        if saved is None:
            rows = conflict_rows(self.record_type, form.conflict, user) if form.conflict else []
            return self.answer(request, form, record=record, conflicts=rows, current_version=record.version)
        address = self.where(saved, user)
        toast(request, _("Changes saved") if address == saved.get_absolute_url() else gone_text(saved))
        return self.done(request, address)


def gone_text(record: Any) -> str:
    """What a person reads who has just given a record out of the own sight."""
    return _("%(record)s now belongs to %(owner)s and is no longer visible to you") % {
        "record": record,
        "owner": record.owner or _("nobody"),
    }


def sections_of(form: RecordForm) -> list[FormSection]:
    """The form's controls below the headings of the record type; a section with an error is open."""
    sections = []
    for section in form.record_type.layout:
        fields = [form[key] for key in section.fields if key in form.fields]
        if fields:
            sections.append(FormSection(section.title, fields, section.open or any(field.errors for field in fields)))
    return sections


def conflict_rows(record_type: RecordType, conflict: Conflict, user: User) -> list[ConflictRow]:
    """Both values of each field, as far as the person may read them."""
    fields = record_type.fields
    return [
        ConflictRow(key, fields[key].label, fields[key].label_of(conflict.mine[key]), fields[key].label_of(conflict.theirs[key]))
        for key in conflict.mine
        if key in fields and fields[key].readable_by(user)
    ]


def _resolved(values: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Without the fields for which the person chose what stands now."""
    return {key: value for key, value in values.items() if request.POST.get(f"keep_{key}") != "theirs"}


def _in_dialog(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "modal"
