from typing import Any

from django.db import models

from crm.notifications.due import schedule
from crm.notifications.models import Channel, Notification, NotificationMail
from crm.notifications.preferences import channel_of
from crm.users.models import User

MAIL = "mail"
Data = dict[str, Any]


def notify(
    person: User, kind: str, record: models.Model, *, key: str, by: User | None = None, data: Data | None = None
) -> Notification | None:
    """Tell a person of something, once: a second call with the same `key` does nothing and returns None; nor does what is not wanted.

    Asks nothing about rights: the words are read under the person's rights when they are shown. Where the person wants that kind
    by e-mail at once, it goes after the commit, at most once.
    """
    channel = channel_of(person, kind)
    if channel == Channel.OFF:
        return None
    record_type = record._meta.model_name or ""
    facts = {"kind": kind, "actor": by, "record_type": record_type, "record_id": record.pk, "data": data or {}}
    same = {"organization_id": person.organization_id, "person": person, "key": key}
    notification, new = Notification.objects.get_or_create(**same, defaults=facts)
    if not new:
        return None
    if channel == Channel.MAIL:
        waiting = NotificationMail.objects.create(organization_id=notification.organization_id, notification=notification)
        schedule(MAIL, organization_id=notification.organization_id, record_id=waiting.pk)
    return notification
