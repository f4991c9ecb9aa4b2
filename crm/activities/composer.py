"""The composer and the timeline as the record page shows them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from crm.activities.choices import Kind
from crm.activities.forms import FORMS, ComposerForm, first_values
from crm.activities.hanging import participants_of
from crm.activities.timeline import Cursor, timeline_of
from crm.users.models import Reach, User
from crm.views.loading import person_of
from crm.views.once import form_token


@dataclass(frozen=True)
class Tab:
    """One kind of entry: its form, where it goes, whether it is open."""

    form: ComposerForm
    url: str
    open: bool

    @property
    def kind(self) -> str:
        return str(self.form.kind.value)


def composer_context(request: HttpRequest, record: Any, *, bound: ComposerForm | None = None, token: str = "") -> dict[str, Any]:
    """For activities/composer.html: the tabs whose kind the person may create; none on an activity's own page.

    `bound` is the form with errors that takes its tab's place. Costs one statement, for the participants.
    """
    user = person_of(request)
    kinds = [] if record._meta.model_name in Kind.values else [kind for kind in FORMS if user.reach(kind, "create") != Reach.NONE]
    chosen = bound.kind.value if bound else request.GET.get("compose", "")
    chosen = chosen if chosen in kinds else next(iter(kinds), "")
    people = participants_of(record, user) if kinds and bound is None else bound.participants if bound else []
    tabs = []
    for kind in kinds:
        form = bound if bound and bound.kind == kind else FORMS[kind](user=user, participants=people, initial=first_values(kind))
        url = reverse("activity-write", args=[record._meta.model_name, record.pk, kind])
        tabs.append(Tab(form, url, kind == chosen))
    return {"tabs": tabs, "record": record, "token": token or form_token(), "page_url": record.get_absolute_url()}


def timeline_context(request: HttpRequest, record: Any) -> dict[str, Any]:
    """For activities/timeline.html: the page that the address asks for with ?show=, ?by= and ?after=. At most four statements."""
    user, asked = person_of(request), request.GET
    actor = int(asked["by"]) if asked.get("by", "").isdigit() and len(asked["by"]) < 19 else None
    timeline = timeline_of(record, user, show=asked.get("show", ""), actor=actor, after=Cursor.parse(asked.get("after", "")))
    return {
        "timeline": timeline,
        "actor_name": _actor_name(timeline, user),
        "record": record,
        "url": reverse("record-timeline", args=[record._meta.model_name, record.pk]),
        "page_url": record.get_absolute_url(),
    }


def _actor_name(timeline: Any, user: User) -> str:
    entries = [*timeline.upcoming, *[entry for day in timeline.days for entry in day.entries]]
    if timeline.actor is None or not entries:
        return ""
    return str(next((entry.actor for entry in entries if entry.actor), user))
