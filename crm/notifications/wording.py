"""Notifications in words, under the rights of their reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.fields.record_types import record_types
from crm.notifications.kinds import NotificationKind, register
from crm.notifications.models import Notification
from crm.users.models import User

Text = str | Promise


@dataclass(frozen=True)
class Shown:
    """One notification as its reader may see it. `url` is "" where the record is gone or out of sight."""

    notification: Notification
    text: str
    icon: str
    url: str
    detail: str = ""


Wording = Callable[[Notification, Any, User], tuple[str, str]]
Subject = Callable[[set[int], User], dict[int, Any]]
_wordings: dict[str, tuple[str, Wording]] = {}
_names: dict[str, Text] = {}
_subjects: dict[str, Subject] = {}


def wording(kind: str, icon: str, name: Text = "") -> Callable[[Wording], Wording]:
    """Subscribe the words of a kind: from the notification, the record as the person sees it, and the person to (text, detail).

    `name` is what the kind is called where people choose between kinds; without one it is not offered there.
    """

    def subscribe(function: Wording) -> Wording:
        _wordings[kind] = (icon, function)
        if name:
            _names[kind] = name
        return function

    return subscribe


def kinds() -> dict[str, str]:
    """What people can be told of: kinds and their names, in the reader's language."""
    return {kind: str(name) for kind, name in _names.items()}


def subject(key: str) -> Callable[[Subject], Subject]:
    """Subscribe how rows that are no records are found for their reader, by model name: from keys and the person to {key: row}."""

    def subscribe(function: Subject) -> Subject:
        _subjects[key] = function
        return function

    return subscribe


def worded(notifications: Iterable[Notification], person: User) -> list[Shown]:
    """All of them in words: one statement for each type of record."""
    listed = list(notifications)
    keys = [(n.record_type, n.record_id) for n in listed if n.record_id]
    records = visible_records(keys, person) | _other_rows(keys, person)
    return [_shown(n, records.get((n.record_type, n.record_id)), person) for n in listed]


def visible_records(keys: Iterable[tuple[str, int]], person: User) -> dict[tuple[str, int | None], Any]:
    """Those of the records, by (type, id), that the person sees. One statement for each type."""
    by_type: dict[str, set[int]] = {}
    for record_type, pk in keys:
        by_type.setdefault(record_type, set()).add(pk)
    found: dict[tuple[str, int | None], Any] = {}
    for key, pks in by_type.items():
        if key in record_types:
            found |= {(key, pk): record for pk, record in record_types[key].objects().visible_to(person).in_bulk(pks).items()}
    return found


def _other_rows(keys: Iterable[tuple[str, int]], person: User) -> dict[tuple[str, int | None], Any]:
    """What is no record, as its room finds it. One statement for each kind."""
    found: dict[tuple[str, int | None], Any] = {}
    for key in {key for key, _pk in keys} & _subjects.keys():
        found |= {(key, pk): row for pk, row in _subjects[key]({pk for kind, pk in keys if kind == key}, person).items()}
    return found


def _shown(notification: Notification, record: Any, person: User) -> Shown:
    icon, function = _wordings.get(notification.kind, ("bell", _plain))
    if record is None and notification.record_id:
        return Shown(notification, _("Something that you can no longer see"), icon, "")
    text, detail = function(notification, record, person)
    return Shown(notification, text, icon, record.get_absolute_url() if record else "", detail)


def _plain(notification: Notification, record: Any, person: User) -> tuple[str, str]:
    return str(record or notification.kind), ""


def actor_of(notification: Notification) -> str:
    return str(notification.actor or _("The system"))


register(NotificationKind("changed", gettext_lazy("A record that you follow is changed")))


@wording("changed", "pencil", gettext_lazy("Changes"))
def _changed(notification: Notification, record: Any, person: User) -> tuple[str, str]:
    """Alice changed Phone and 2 other fields of Vattvik."""
    fields = readable_labels(notification.record_type, notification.data.get("fields", []), person)
    if not fields:
        return _("%(actor)s changed %(record)s") % {"actor": actor_of(notification), "record": record}, ""
    first, others = fields[0], len(fields) - 1
    what = first if not others else ngettext("%(first)s and %(n)d other field", "%(first)s and %(n)d other fields", others) % {
        "first": first, "n": others,
    }  # fmt: skip
    return _("%(actor)s changed %(what)s of %(record)s") % {"actor": actor_of(notification), "what": what, "record": record}, ""


def readable_labels(record_type: str, keys: Iterable[str], person: User) -> list[str]:
    """The labels of those of the fields that the person may read."""
    fields = record_types[record_type].fields if record_type in record_types else {}
    return [str(fields[key].label) for key in keys if key in fields and fields[key].readable_by(person)]
