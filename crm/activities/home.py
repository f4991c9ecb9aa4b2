"""What activities bring to the first page: the person's day, and the day of those whom the person leads."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.activities.my_day import MyDay, my_day
from crm.activities.team_day import TeamDay, leads_people, team_day
from crm.ui.home import HomePanel, Tile, Visit, register
from crm.ui.moments import Clock
from crm.users.models import Reach, User

SELLERS = frozenset({"administrator", "sales-manager", "sales-rep"})
MANAGERS = frozenset({"sales-manager", "support-manager"})
DOERS = frozenset({"administrator", "sales-manager", "sales-rep", "marketer", "support-manager", "support-agent"})


def _sees_tasks(user: User) -> bool:
    return user.reach("task", "view") != Reach.NONE


def _sees_meetings(user: User) -> bool:
    return user.reach("meeting", "view") != Reach.NONE


def _day(visit: Visit) -> MyDay:
    day: MyDay = visit.once("day", lambda: my_day(visit.user, week=visit.week))
    return day


def _team(visit: Visit) -> TeamDay | None:
    """None where the person leads nobody yet."""
    team: TeamDay = visit.once("team", lambda: team_day(visit.user))
    return team if team.people else None


def _tasks_tile(day: MyDay) -> Tile:
    return Tile(_("Tasks due today"), day.due, _("%(overdue)d overdue, %(done)d done") % {"overdue": day.overdue, "done": day.done})


def _meetings_tile(day: MyDay) -> Tile:
    soon = _("next %(when)s") % {"when": Clock.current().relative(day.next_meeting)} if day.next_meeting else _("no more today")
    return Tile(_("Meetings"), len(day.meetings), soon)


def _quiet_tile(day: MyDay) -> Tile:
    return Tile(_("Gone quiet"), len(day.quiet), _("nothing for %(days)d days") % {"days": day.quiet_days})


def _news_tile(day: MyDay) -> Tile:
    return Tile(_("New"), day.unread, _("in your notifications"), reverse("notification-list"))


def _team_tile(team: TeamDay) -> Tile:
    people = ngettext(
        "%(count)d person, %(held)d activities this week", "%(count)d people, %(held)d activities this week", len(team.people)
    )
    return Tile(_("Late in your teams"), team.late, people % {"count": len(team.people), "held": team.activities})


register(
    HomePanel(
        "tasks", gettext_lazy("Tasks due"), gettext_lazy("Yours that are due or late, to be ticked off here"), "home/tasks.html", _day,
        wide=True, order=10, usual_for=DOERS, may_have=_sees_tasks, tile=_tasks_tile,
    ),
    HomePanel(
        "team", gettext_lazy("Your teams"), gettext_lazy("Who has late tasks, and what everybody did in seven days"), "home/team.html",
        _team, wide=True, order=20, usual_for=MANAGERS, may_have=leads_people, tile=_team_tile,
    ),
    HomePanel(
        "team-late", gettext_lazy("Late in your teams"), gettext_lazy("The longest late tasks of the people whom you lead"),
        "home/team_late.html", _team, wide=True, order=30, usual_for=MANAGERS, may_have=leads_people,
    ),
    HomePanel(
        "quiet", gettext_lazy("Gone quiet"), gettext_lazy("Your customers with whom nobody was in touch for long"), "home/quiet.html", _day,
        wide=True, order=40, usual_for=SELLERS, tile=_quiet_tile,
    ),
    HomePanel(
        "meetings", gettext_lazy("Meetings"), gettext_lazy("Yours of today, and those with an invitation"), "home/meetings.html", _day,
        order=10, usual_for=DOERS, may_have=_sees_meetings, tile=_meetings_tile,
    ),
    HomePanel(
        "followed", gettext_lazy("What you follow"), gettext_lazy("What others changed and wrote on the records that you follow"),
        "home/followed.html", _day, order=20,
    ),
    HomePanel(
        "news", gettext_lazy("What is new"), gettext_lazy("Your newest notifications"), "home/news.html", _day, order=30, tile=_news_tile,
    ),
)  # fmt: skip
