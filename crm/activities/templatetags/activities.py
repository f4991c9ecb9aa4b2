"""How the timeline and My day write times."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.activities.choices import Kind
from crm.fields.record_types import record_types
from crm.ui.moments import Clock, duration
from crm.ui.stencils import Stencil
from crm.users.models import Reach

register = template.Library()
TIME = Stencil("components/time.html", "text", "iso", "exact")
WHOLE_DAY = (23, 59)
HALF_A_YEAR = timedelta(days=183)


@register.simple_tag
def clock(value: datetime, *, day: bool = False) -> SafeString:
    """{% clock entry.at %}: 08:41, below its day's heading; with `day` also the day: Tue 24 Nov, 13:00."""
    local = timezone.localtime(value)
    whole = (local.hour, local.minute) == WHOLE_DAY
    hour = "" if whole and day else date_format(local, "H:i")
    text = ", ".join(filter(None, (_day_of(local, timezone.localtime(), "D j M") if day else "", hour)))
    return TIME(text=text, iso=value.isoformat(timespec="minutes"), exact=Clock.current().exact(value))


@register.simple_tag
def whole_days(meeting: Any) -> str:
    """Tue 24 Nov, all day; Tue 24 Nov – Thu 26 Nov"""
    first, last = (moment.astimezone(UTC).date() for moment in (meeting.at, meeting.end_at or meeting.at))
    if first == last:
        return _("%(day)s, all day") % {"day": date_format(first, "D j M")}
    return f"{date_format(first, 'D j M')} – {date_format(last, 'D j M')}"


@register.simple_tag
def day_heading(value: date) -> str:
    """Today, Yesterday, Friday 20 November; with the year where it is another one."""
    today = timezone.localdate()
    days = (today - value).days
    if days in {0, 1}:
        return _("Today") if days == 0 else _("Yesterday")
    return date_format(value, pgettext("date format", "l j F") if value.year == today.year else pgettext("date format", "l j F Y"))


@register.filter
def minutes(seconds: int | None) -> str:
    """660 → 11 min; 5400 → 1 h 30 min"""
    return duration(seconds) if seconds else ""


@dataclass(frozen=True)
class ReadyView:
    """A list that everybody has, as the list's own address."""

    label: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def task_views(context: Context) -> list[ReadyView]:
    """{% task_views as ready %}: the ready views of tasks; none of them is current where the address asks something else."""
    asked = sorted(context["request"].GET.getlist("f"))
    today = timezone.localdate().isoformat()
    mine, to_do = "owner:is_me", "done_at:is_empty"
    views = [
        (_("Mine, open"), [mine, to_do]),
        (_("Overdue"), [mine, to_do, f"due_at:before:{today}"]),
        (_("Today"), [mine, to_do, "due_at:today"]),
        (_("Team"), ["owner:my_team", to_do]),
    ]
    address = reverse("task-list")
    return [
        ReadyView(label, f"{address}?{urlencode([*(('f', rule) for rule in rules), ('sort', 'due_at')])}", sorted(rules) == asked)
        for label, rules in views
    ]


@register.simple_tag(takes_context=True)
def activity_kinds(context: Context) -> list[ReadyView]:
    """{% activity_kinds as kinds %}: the lists of all kinds that the role sees."""
    request = context["request"]
    kinds = [(record_types[key], reverse(f"{key}-list")) for key in Kind.values]
    return [
        ReadyView(capfirst(str(kind.label_plural)), url, request.path == url)
        for kind, url in kinds
        if kind.reach(request.user, "view") != Reach.NONE
    ]


@register.simple_tag
def due_badge(task: Any) -> dict[str, str]:
    """{% due_badge task as due %}: {"text", "hue"} of a task: Overdue, Fri; 09:30; Today; Tue 24 Nov; Done 08:12."""
    if task.done_at:
        return {"text": _("Done %(time)s") % {"time": date_format(timezone.localtime(task.done_at), "H:i")}, "hue": "green"}
    if task.due_at is None:
        return {"text": _("No date"), "hue": "grey"}
    local, now = timezone.localtime(task.due_at), timezone.localtime()
    whole = (local.hour, local.minute) == WHOLE_DAY
    days = (local.date() - now.date()).days
    if local < now:
        when = date_format(local, "H:i") if days == 0 else _day_of(local, now, "D" if days > -7 else "j M")
        return {"text": _("Overdue, %(when)s") % {"when": when}, "hue": "red"}
    if days == 0:
        return {"text": _("Today") if whole else date_format(local, "H:i"), "hue": "amber" if whole else "grey"}
    return {"text": _day_of(local, now, "D j M"), "hue": "grey"}


def _day_of(local: datetime, now: datetime, pattern: str) -> str:
    """Short within half a year, when the year goes without saying."""
    return date_format(local, pattern) if abs(local - now) < HALF_A_YEAR else Clock.current().day(local)
