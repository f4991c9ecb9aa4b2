"""Menu entries, commands, and the middle of every record page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access.explanations import register_parents_of
from crm.activities.actions.attendees import PERSON, attendees_of
from crm.activities.actions.links import about_of, links_of
from crm.activities.choices import Kind
from crm.activities.composer import composer_context, head_context, timeline_context
from crm.activities.models import Activity, Task
from crm.notifications.bell import unread
from crm.notifications.wording import visible_records
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.ui.panels import Panel
from crm.ui.panels import register as register_panels
from crm.users.models import Reach, User
from crm.views.middle import register_head, register_part


def _sees_tasks(user: User) -> bool:
    return user.reach("task", "view") != Reach.NONE


def _makes_tasks(user: User) -> Any:
    return user.reach("task", "create") != Reach.NONE


def overdue_tasks(user: User) -> Any:
    """The person's own overdue tasks."""
    return Task.objects.overdue().filter(organization_id=user.organization_id, owner=user, deleted_at=None)


def about(activity: Activity, user: User) -> dict[str, Any]:
    """What it is about as far as the person sees it, and the colleagues who take part."""
    keys = links_of(activity)
    people = attendees_of(activity) if any(key == PERSON for key, _pk in keys) else []
    return {"records": list(visible_records(keys, user).values()), "people": people}


def hangs_on(activity: Activity, user: User) -> list[Any]:
    """The records through which the person sees an activity."""
    return about_of([activity], user).get(activity.pk, [])


register(
    NavigationItem(_("My day"), "home", "sun", Group.TOP, order=10, shortcut="h", on_phone=True),
    NavigationItem(
        _("Tasks"),
        "task-list",
        "checkbox",
        Group.SELL,
        order=40,
        shortcut="k",
        visible=_sees_tasks,
        counted=overdue_tasks,
        late=_("late"),
        on_phone=True,
    ),
    NavigationItem(_("Notifications"), "notification-list", "bell", Group.FOOT, order=10, counted=unread, live="notification-bell"),
)
register_command(Command(_("New task"), "task-create", "checkbox", order=30, shortcut="t", visible=_makes_tasks))
register_head("activities/head.html", head_context, order=10)
register_part("activities/composer.html", composer_context, order=10)
register_part("activities/timeline.html", timeline_context, order=20)
register_panels(
    *(
        Panel(kind, "about", pgettext_lazy("records of an activity", "About"), "activities/about_panel.html", about, order=10)
        for kind in Kind.values
    )
)
for kind in Kind.values:
    register_parents_of(kind, hangs_on)
