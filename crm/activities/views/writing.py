"""A new activity from anywhere, and mending one: in the dialog, or on a page of its own."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from crm.access.decisions import NotPermitted, may_create
from crm.activities.actions import attendees_of, link_activity, set_attendees, tell_mentioned_later, unlink_activity
from crm.activities.actions.links import about_of
from crm.activities.forms import FORMS, ComposerForm
from crm.activities.forms.about import add_about, chosen_about
from crm.activities.hanging import participants_of
from crm.activities.models import KINDS, Activity, Note
from crm.activities.refusals import refusal_of
from crm.activities.views.records import safe
from crm.activities.views.timeline import add_errors, saved
from crm.fields.record_types import record_types
from crm.records.actions import Conflict, update_record
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.editing import ConflictRow, conflict_rows
from crm.views.loading import get_permitted_or_404, get_visible_or_404, person_of
from crm.views.once import form_token


class ActivityFormView(LoginRequiredMixin, View):
    """What both share. `kind` names the kind of activity."""

    kind = "task"

    def answer(self, request: HttpRequest, form: ComposerForm, status: int = 200, **context: Any) -> HttpResponse:
        template = "activities/form_dialog.html" if _in_dialog(request) else "activities/form.html"
        return render(request, template, {"form": form, "record_type": record_types[self.kind], **context}, status=status)

    def done(self, request: HttpRequest, activity: Activity) -> HttpResponse:
        """From a dialog back to the page that it was opened on."""
        if _in_dialog(request):
            address = safe(request, request.headers.get("HX-Current-URL", ""), activity.get_absolute_url())
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(activity.get_absolute_url())


class NewActivity(ActivityFormView):
    """`?on=customer:12` hangs it on a record; otherwise the form asks. Sent twice, one activity is made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, record = self._permitted(request), self._record(request)
        known = {key: request.GET[key][:200] for key in ("subject",) if key in request.GET}
        return self._answer(request, self._form(user, record, initial=known), record, form_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        user, record, token = self._permitted(request), self._record(request), request.POST.get("token", "")
        form = self._form(user, record, request.POST)
        records = [record] if record else chosen_about(form) if form.is_valid() else []
        activity = saved(form, records, token)
        if activity is None:
            return self._answer(request, form, record, token, 422)
        toast(request, str(form.said))
        return self.done(request, activity)

    def _form(self, user: User, record: Any, *data: Any, **facts: Any) -> ComposerForm:
        form = FORMS[self.kind](*data, user=user, participants=participants_of(record, user) if record else [], **facts)
        if record is None:
            add_about(form, user)
        return form

    def _answer(self, request: HttpRequest, form: ComposerForm, about: Any, token: str, status: int = 200) -> HttpResponse:
        refused = refusal_of(about, self.kind, form.user) if about else ""
        return self.answer(request, form, status, token=token, about=about, refused=refused)

    def _record(self, request: HttpRequest) -> Any:
        """What it is about, None for nothing named. Http404 when the person does not see it."""
        key, _colon, number = request.GET.get("on", "").partition(":")
        if key not in record_types or key in KINDS or not number.isdecimal() or len(number) > 18:
            return None
        return get_visible_or_404(record_types[key].objects(), person_of(request), int(number))

    def _permitted(self, request: HttpRequest) -> User:
        user = person_of(request)
        if not may_create(user, KINDS[self.kind]):
            raise NotPermitted(user, "create", record_type=self.kind)
        return user


class EditActivity(ActivityFormView):
    """Sends the version that was seen; where somebody else changed the same, both values are there to choose from."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, activity = self._activity(request, pk)
        form = self._form(user, activity)
        were = {"people_were": form.initial["people"], "attendees_were": _keys(attendees_of(activity))}
        return self.answer(request, form, record=activity, version=activity.version, **were)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, activity = self._activity(request, pk)
        form = self._form(user, activity, request.POST)
        context: dict[str, Any] = {
            "record": activity,
            "version": request.POST.get("version", "")[:18],
            "people_were": _people_were(request),
            "attendees_were": request.POST.get("attendees_were"),
        }
        if form.is_valid():
            if contested := _contested(request, form, activity):
                now = _keys(attendees_of(activity))
                return self.answer(request, form, 409, **{**context, "conflicts": [contested], "attendees_were": now})
            try:
                self._save(request, form, activity, user)
            except ValidationError as error:
                add_errors(form, error)
            except Conflict as conflict:
                rows = conflict_rows(record_types[self.kind], conflict, user)
                return self.answer(request, form, 409, **{**context, "conflicts": rows, "version": activity.version})
            else:
                toast(request, _("Changes saved"))
                return self.done(request, activity)
        return self.answer(request, form, 422, **context)

    @transaction.atomic
    def _save(self, request: HttpRequest, form: ComposerForm, activity: Activity, user: User) -> None:
        seen = request.POST.get("version", "")
        values = {key: value for key, value in form.changes().items() if request.POST.get(f"keep_{key}") != "theirs"}
        update_record(activity, by=user, version=int(seen) if seen.isdecimal() and len(seen) < 10 else None, **values)
        if "body" in values and isinstance(activity, Note):
            tell_mentioned_later(activity, by=user)
        if _invites(request, form, activity):
            set_attendees(activity, form.cleaned_data["attendees"], by=user)
        self._let_take_part(form, set(_people_were(request)), activity, user)

    def _let_take_part(self, form: ComposerForm, before: set[str], activity: Activity, user: User) -> None:
        """Only what was ticked or unticked in this form: who was added meanwhile stays."""
        if "people" not in form.fields:
            return
        now = {str(person.pk) for person in form.chosen()}
        for person in form.participants:
            if str(person.pk) in now - before:
                link_activity(activity, person, by=user)
            elif str(person.pk) in before - now:
                unlink_activity(activity, person, by=user)

    def _form(self, user: User, activity: Activity, *data: Any) -> ComposerForm:
        """Offered are the people of everything that it hangs on, ticked are those who take part, both within the person's sight."""
        linked = about_of([activity], user).get(activity.pk, [])
        people = {person.pk: person for record in linked for person in participants_of(record, user)}
        kinds = {type(person) for person in people.values()}
        taking_part = [record for record in linked if type(record) in kinds]
        people |= {record.pk: record for record in taking_part}
        chosen = [str(record.pk) for record in taking_part]
        return FORMS[self.kind](*data, user=user, activity=activity, participants=list(people.values()), initial={"people": chosen})

    def _activity(self, request: HttpRequest, pk: int) -> tuple[User, Activity]:
        user = person_of(request)
        if self.kind not in KINDS:
            raise Http404
        activity: Activity = get_permitted_or_404(KINDS[self.kind].objects.select_related("owner"), user, "change", pk)
        return user, activity


def _contested(request: HttpRequest, form: ComposerForm, activity: Activity) -> ConflictRow | None:
    """The colleagues, where somebody else invited or let go of some since the form was shown, and this person too."""
    shown = request.POST.get("attendees_were")
    if shown is None or not _invites(request, form, activity):
        return None
    mine, theirs = _invited(form, activity), attendees_of(activity)
    if _keys(theirs) in {shown, _keys(mine)}:
        return None
    return ConflictRow("attendees", form.fields["attendees"].label, *(", ".join(map(str, people)) for people in (mine, theirs)))


def _invites(request: HttpRequest, form: ComposerForm, activity: Activity) -> bool:
    """Whether the person named other colleagues than the form showed, and did not choose what stands now."""
    if "attendees" not in form.fields or request.POST.get("keep_attendees") == "theirs":
        return False
    return _keys(_invited(form, activity)) != request.POST.get("attendees_were")


def _invited(form: ComposerForm, activity: Activity) -> list[User]:
    """The colleagues whom the form names, besides the owner."""
    return [person for person in form.cleaned_data["attendees"] if person.pk != activity.owner_id]


def _keys(people: list[User]) -> str:
    """Who they are, in whatever order."""
    return ",".join(str(pk) for pk in sorted(person.pk for person in people))


def _people_were(request: HttpRequest) -> list[str]:
    """Who was ticked when the form was shown."""
    return [pk for pk in request.POST.getlist("people_were") if pk.isdecimal()]


def _in_dialog(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "modal"
