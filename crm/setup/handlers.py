"""Who hears of unusual access: administrators, and of a new device the person, too."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.events.models import Event
from crm.events.outbox import on
from crm.notifications.actions.notify import notify
from crm.notifications.kinds import NotificationKind, register
from crm.notifications.models import Channel, Notification
from crm.notifications.wording import subject, wording
from crm.ui import formats
from crm.users.models import AccessNotice, User, Watched

KIND = "access"
register(NotificationKind(KIND, gettext_lazy("Unusual access"), Channel.MAIL, chosen=False))


@dataclass(frozen=True)
class Told:
    """A notice as one reader has it: administrators are led to the person, the person to the own sign-ins."""

    notice: AccessNotice
    url: str

    def get_absolute_url(self) -> str:
        return self.url


@on("access.noticed")
def tell_of_access(event: Event) -> None:
    """By the bell and by e-mail, each once. Nobody is asked about themselves, except for a device."""
    notice = AccessNotice.objects.select_related("person").filter(pk=event.record_id or 0).first()
    if notice is None:
        return
    administrators = User.objects.of_organization(notice.organization_id).administrators()
    people = {person.pk: person for person in administrators if person.pk != notice.person_id}
    if notice.rule == Watched.DEVICE:
        people[notice.person_id] = notice.person
    for person in people.values():
        notify(person, KIND, notice, key=f"access:{notice.pk}")


@subject("accessnotice")
def readable_notices(keys: set[int], person: User) -> dict[int, Any]:
    """All of the organization for administrators; else one's own."""
    notices = AccessNotice.objects.filter(organization_id=person.own_organization_id, pk__in=keys).select_related("person")
    if not person.is_administrator:
        notices = notices.filter(person=person, rule=Watched.DEVICE)
    own = reverse("own-sign-ins")
    return {one.pk: Told(one, own if one.person_id == person.pk else reverse("person", args=[one.person_id])) for one in notices}


@wording(KIND, "eye", gettext_lazy("Unusual access"))
def access_in_words(notification: Notification, told: Any, person: User) -> tuple[str, str]:
    """Alice opened many records within an hour: 312 · 203.0.113.7 · Firefox, Linux"""
    notice: AccessNotice = told.notice
    facts = [formats.number(notice.count) if notice.count else "", notice.address or "", notice.device]
    if notice.person_id == person.pk:
        return _("You signed in from a new device"), " · ".join(fact for fact in facts if fact)
    texts = {
        Watched.OPENED: _("%(person)s opened many records within an hour"),
        Watched.LISTED: _("%(person)s listed many records in a day"),
        Watched.EXPORTED: _("%(person)s exported many records in a day"),
        Watched.DEVICE: _("%(person)s signed in from a new device"),
    }
    return texts[Watched(notice.rule)] % {"person": notice.person}, " · ".join(fact for fact in facts if fact)
