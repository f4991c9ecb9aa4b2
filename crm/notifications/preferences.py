"""By which way each person is told of what: they say so for themselves."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.notifications.kinds import chosen_kinds, kind_of
from crm.notifications.models import Channel, Preference
from crm.users.models import User


def channel_of(person: User, key: str) -> Channel:
    """The person's choice, else the usual way of the kind."""
    kind = kind_of(key)
    if not kind.chosen:
        return Channel(kind.usual)
    channels = (
        Preference.objects.filter(organization_id=person.own_organization_id, person=person).values_list("channels", flat=True).first()
    )
    return Channel((channels or {}).get(key, kind.usual))


def preference_of(person: User) -> Preference:
    """What is kept, or what holds without it."""
    kept = Preference.objects.filter(organization_id=person.own_organization_id, person=person).first()
    return kept or Preference(organization_id=person.own_organization_id, person=person)


@transaction.atomic
def set_channels(person: User, channels: Mapping[str, str], *, digest_hour: int) -> None:
    """Holds from the next happening on, and for e-mails that have not gone out yet. Raises ValidationError for what is no choice."""
    known = {kind.key for kind in chosen_kinds()}
    if not known >= channels.keys() or not set(Channel.values) >= set(channels.values()) or not 0 <= digest_hour < 24:
        raise ValidationError(_("Choose one of the ways that are offered."))
    same = Preference.objects.select_for_update().filter(organization_id=person.own_organization_id, person=person).first()
    preference = same or Preference(organization_id=person.own_organization_id, person=person)
    preference.channels, preference.digest_hour = dict(channels), digest_hour
    preference.save()
