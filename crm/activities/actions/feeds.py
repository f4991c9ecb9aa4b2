"""The secret address of a person's calendar: made, replaced, revoked, and found by its secret."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from crm.activities.models import CalendarFeed
from crm.audit.log import CREATE, DELETE, Change, log_change
from crm.users.models import User

NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_feed(person: User, *, with_tasks: bool) -> tuple[CalendarFeed, str]:
    """A new address instead of an earlier one, and its key, which is told here and never again."""
    revoke_feed(person)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        organization_id=person.own_organization_id, person=person, hash=_hash_of(secret), with_tasks=with_tasks
    )
    log_change(Change(feed, CREATE, "calendarfeed.made", {"with_tasks": (None, with_tasks)}), by=person)
    return feed, f"{int_to_base36(person.own_organization_id)}-{secret}"


@transaction.atomic
def revoke_feed(person: User) -> None:
    """The address answers no more, from the next request on."""
    feed = feed_of(person)
    if feed is not None:
        log_change(Change(feed, DELETE, "calendarfeed.revoked", {"with_tasks": (feed.with_tasks, None)}), by=person)
        feed.delete()


def feed_of(person: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(organization_id=person.own_organization_id, person=person).first()


def organization_of_key(key: str) -> int | None:
    """Whose address it says it is, before anything is asked of the database."""
    said = key.partition("-")[0]
    try:
        return base36_to_int(said) if 0 < len(said) < 13 else None
    except ValueError:
        return None


def find_feed(key: str) -> CalendarFeed | None:
    """The address with this key, of somebody who may sign in. In the tenant's transaction."""
    people = CalendarFeed.objects.select_related("person__role", "person__team", "person__organization")
    return people.filter(hash=_hash_of(key.partition("-")[2]), person__is_active=True).first()


def note_reading(feed: CalendarFeed) -> None:
    """When it was last read, to some minutes: programs ask often."""
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > NOTED_EVERY:
        CalendarFeed.objects.filter(organization_id=feed.organization_id, pk=feed.pk).update(last_read_at=now)


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
