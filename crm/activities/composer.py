"""The composer and the timeline as the record page shows them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activities.choices import ICONS, Kind
from crm.activities.forms import FORMS, ComposerForm
from crm.activities.hanging import participants_of
from crm.activities.refusals import refusal_of
from crm.activities.timeline import Cursor, Filters, Timeline, people_on, timeline_of
from crm.users.models import Reach, User
from crm.views.loading import person_of
from crm.views.once import form_token

IN_HEAD = (Kind.EMAIL, Kind.CALL, Kind.TASK)


@dataclass(frozen=True)
class Tab:
    """One kind of entry: its form, where it goes, whether it is open, and what the record's person asked not to get of it."""

    form: ComposerForm
    url: str
    open: bool
    refused: str = ""

    @property
    def kind(self) -> str:
        return str(self.form.kind.value)


def composer_context(request: HttpRequest, record: Any, *, bound: ComposerForm | None = None, token: str = "") -> dict[str, Any]:
    """For activities/composer.html: the tabs whose kind the person may create; none on an activity's own page.

    `bound` is the form with errors that takes its tab's place. Costs one statement, for the participants.
    """
    user = person_of(request)
    kinds = _kinds(record, user)
    chosen = bound.kind.value if bound else request.GET.get("compose", "")
    chosen = chosen if chosen in kinds else next(iter(kinds), "")
    people = participants_of(record, user) if kinds and bound is None else bound.participants if bound else []
    tabs = []
    for kind in kinds:
        form = bound if bound and bound.kind == kind else FORMS[kind](user=user, participants=people)
        tabs.append(Tab(form, _url(record, kind), kind == chosen, refusal_of(record, kind, user)))
    return {"tabs": tabs, "record": record, "token": token or form_token(), "page_url": record.get_absolute_url(), "mentions": _who(record)}


def head_context(request: HttpRequest, record: Any) -> dict[str, Any]:
    """For activities/head.html: what the head of the page begins, as far as the person may create it."""
    kinds = _kinds(record, person_of(request))
    starts = [{"kind": kind.value, "label": FORMS[kind].label, "icon": ICONS[kind]} for kind in IN_HEAD if kind.value in kinds]
    return {"starts": starts, "page_url": record.get_absolute_url()}


def _kinds(record: Any, user: User) -> list[str]:
    """The kinds of entries that the person may write here; none on an entry's own page."""
    return [] if record._meta.model_name in Kind.values else [kind for kind in FORMS if user.reach(kind, "create") != Reach.NONE]


def panel_context(record: Any, form: ComposerForm, token: str = "") -> dict[str, Any]:
    """For activities/composer_panel.html: one tab alone, so that what was begun in the others stays."""
    tab = Tab(form, _url(record, form.kind.value), open=True, refused=refusal_of(record, form.kind.value, form.user))
    return {"tab": tab, "record": record, "token": token or form_token(), "page_url": record.get_absolute_url(), "mentions": _who(record)}


def _url(record: Any, kind: str) -> str:
    return reverse("activity-write", args=[record._meta.model_name, record.pk, kind])


def _who(record: Any) -> str:
    """Where a script asks whom an @ may mean."""
    return reverse("mention-suggest", args=[record._meta.model_name, record.pk])


@dataclass(frozen=True)
class Choice:
    """A filter of the timeline as a link: its words, what stands behind the question mark, whether it is the one."""

    label: Any
    query: str
    current: bool


def timeline_context(request: HttpRequest, record: Any) -> dict[str, Any]:
    """For activities/timeline.html: the page that ?show=, ?by=, ?q= and ?after= or ?coming= ask for. At most five statements."""
    user, asked = person_of(request), request.GET
    actor = int(asked["by"]) if asked.get("by", "").isdecimal() and len(asked["by"]) < 19 else None
    filters = Filters(asked.get("show", ""), actor, asked.get("q", "")[:200].strip())
    after, coming = (Cursor.parse(asked.get(name, "")) for name in ("after", "coming"))
    timeline = timeline_of(record, user, filters=filters, after=after, coming=None if after else coming)
    people = [] if after or coming else people_on(record, user, timeline)
    return {
        "timeline": timeline,
        "shows": _shows(timeline),
        "more": timeline.filters.query(after=timeline.after) if timeline.after else "",
        "later": timeline.filters.query(coming=timeline.coming) if timeline.coming else "",
        "people": people,
        "record": record,
        "url": reverse("record-timeline", args=[record._meta.model_name, record.pk]),
        "page_url": record.get_absolute_url(),
    }


def _shows(timeline: Timeline) -> list[Choice]:
    filters = timeline.filters
    return [Choice(label, filters.but(show=key).query(), filters.show == key) for key, label in (("", _("Everything")), *timeline.shows)]
