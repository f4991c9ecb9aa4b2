"""What Setup brings to the first page of administrators: what waits for them, and who works with Tern."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.models import Job, State
from crm.mail.models import HeldMail, MailState
from crm.ui.home import HomePanel, Tile, register
from crm.users.models import AccessNotice, Invitation, Outcome, SignIn, User

ADMINISTRATORS = frozenset({"administrator"})
WEEK, DAY = timedelta(days=7), timedelta(days=1)
FAILURES, ABSENT = 10, 8
"""From how many failed sign-ins a day they are worth a line; how many people are named."""


@dataclass(frozen=True)
class Waiting:
    """One line: a sentence with its number, and the page where one acts."""

    text: str
    url: str
    hue: str = "amber"


@dataclass(frozen=True)
class Presence:
    """Who works with Tern. `absent` were here longest ago, or never (`seen_at` None)."""

    people: int
    week: int
    absent: list[User]


def waiting_for(user: User) -> list[Waiting]:
    """What an administrator has to look at, the gravest first; empty when nothing waits."""
    now = timezone.now()
    own = {"organization_id": user.own_organization_id}
    jobs = Job.objects.filter(**own, state=State.FAILED, finished_at__gte=now - WEEK).count()
    refused = HeldMail.objects.filter(**own, state__in=[MailState.FAILED, MailState.UNKNOWN]).count()
    held = HeldMail.objects.filter(**own, state=MailState.HELD).count()
    notices = AccessNotice.objects.filter(**own, at__gte=now - WEEK).count()
    invited = Invitation.objects.open().filter(**own, expires_at__lte=now).count()
    bare = _without_factor(user)
    failed = _failed_sign_ins(user, now - DAY)
    found = [
        (refused, ngettext("%d mail was not taken", "%d mails were not taken", refused), "held-mail-list", "red"),
        (jobs, ngettext("%d job failed this week", "%d jobs failed this week", jobs), "job-list", "red"),
        (held, ngettext("%d mail waits for a mail server", "%d mails wait for a mail server", held), "held-mail-list", "amber"),
        (notices, ngettext("%d unusual access this week", "%d times unusual access this week", notices), "access-notice-list", "amber"),
        (failed, ngettext("%d failed sign-in since yesterday", "%d failed sign-ins since yesterday", failed), "sign-in-list", "amber"),
        (bare, ngettext("%d administrator has no second factor", "%d administrators have no second factor", bare), "person-list", "amber"),
        (invited, ngettext("%d invitation has expired", "%d invitations have expired", invited), "person-list", "grey"),
    ]
    return [Waiting(text % count, reverse(page), hue) for count, text, page, hue in found if count]


def presence_of(user: User) -> Presence:
    """Of everybody who may sign in, by the last request of a session or the last sign-in."""
    people = User.objects.of_organization(user.organization_id).active()
    counted = people.annotate(seen_at=Greatest(Max("usersession__last_seen_at"), "last_login"))
    week = counted.filter(seen_at__gte=timezone.now() - WEEK).count()
    longest = counted.filter(Q(seen_at=None) | Q(seen_at__lt=timezone.now() - WEEK)).select_related("role")
    return Presence(people.count(), week, list(longest.order_by(F("seen_at").asc(nulls_first=True), "name")[:ABSENT]))


def _without_factor(user: User) -> int:
    factors = Authenticator.objects.filter(user_id=OuterRef("pk"))
    return User.objects.of_organization(user.organization_id).administrators().filter(~Exists(factors)).count()


def _failed_sign_ins(user: User, since: datetime) -> int:
    wrong = [Outcome.WRONG_PASSWORD, Outcome.LOCKED_OUT, Outcome.SECOND_FACTOR_FAILED]
    people = User.objects.of_organization(user.organization_id)
    failures = SignIn.objects.filter(user__in=people, outcome__in=wrong, at__gte=since).count()
    return failures if failures >= FAILURES else 0


def _administers(user: User) -> bool:
    return user.is_administrator


def _waiting_tile(waiting: list[Waiting]) -> Tile:
    return Tile(_("Waits for you"), len(waiting), _("matters of the organization"))


def _presence_tile(presence: Presence) -> Tile:
    seen = _("%(week)d of %(people)d") % {"week": presence.week, "people": presence.people}
    return Tile(_("Here this week"), seen, _("people who may sign in"), reverse("person-list"))


register(
    HomePanel(
        "needs", gettext_lazy("Waits for you"), gettext_lazy("Mails, jobs, sign-ins and people that an administrator looks after"),
        "home/needs.html", lambda visit: waiting_for(visit.user), wide=True, order=5, usual_for=ADMINISTRATORS, may_have=_administers,
        tile=_waiting_tile,
    ),
    HomePanel(
        "presence", gettext_lazy("Who works with it"), gettext_lazy("Who was here this week, and who has not been for long"),
        "home/presence.html", lambda visit: presence_of(visit.user), order=40, usual_for=ADMINISTRATORS, may_have=_administers,
        tile=_presence_tile,
    ),
)  # fmt: skip
