"""The daily e-mail: what is still unread and still to be seen, of the kinds that a person wants there. At most one a day."""

import zoneinfo
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from crm.mail.outgoing import send_mail
from crm.notifications.models import Channel, Notification, Preference
from crm.notifications.wording import Shown, worded
from crm.users.models import User

MOST, BACK = 50, timedelta(days=3)


def send_due_digests(organization_id: int, now: datetime | None = None) -> int:
    """To everybody of the tenant for whom the hour has come today. Returns how many mails were written for the mail server.

    The day is claimed in the transaction in which the mail is written: a worker that dies, or two at once, send none twice.
    """
    now, sent = now or timezone.now(), 0
    people = Preference.objects.filter(organization_id=organization_id, person__is_active=True).values_list("pk", flat=True)
    for pk in list(people):
        with transaction.atomic():
            locked = Preference.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, organization_id=organization_id)
            preference = locked.select_related("person__role", "person__organization").first()
            if preference is not None and _is_due(preference, now):
                sent += _send(preference, now)
    return sent


def _is_due(preference: Preference, now: datetime) -> bool:
    here = now.astimezone(zoneinfo.ZoneInfo(preference.person.zone_name))
    wanted = Channel.DIGEST in preference.channels.values()
    return wanted and here.hour >= preference.digest_hour and (preference.digest_on is None or preference.digest_on < here.date())


def _send(preference: Preference, now: datetime) -> int:
    person = preference.person
    zone = zoneinfo.ZoneInfo(person.zone_name)
    preference.digest_on = now.astimezone(zone).date()
    preference.save(update_fields=["digest_on"])
    with translation.override(person.language or person.own_organization.language), timezone.override(zone):
        shown = _to_tell(person, preference, now)
        if not shown:
            return 0
        context = {"shown": shown[:MOST], "more": max(0, len(shown) - MOST), "count": len(shown), "person": person}
        return send_mail("digest", person.email, context, organization=person.own_organization)


def _to_tell(person: User, preference: Preference, now: datetime) -> list[Shown]:
    kinds = [kind for kind, channel in preference.channels.items() if channel == Channel.DIGEST]
    unread = Notification.objects.of(person).unread().filter(kind__in=kinds, at__gte=now - BACK, at__lte=now)
    return [one for one in worded(unread.order_by("-at", "-pk")[: 4 * MOST], person) if one.url]
