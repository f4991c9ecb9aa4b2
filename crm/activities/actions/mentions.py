"""@names in a note: who is meant, who may be told."""

from dataclasses import dataclass, field
from typing import Any

from crm.activities.actions.links import links_of
from crm.activities.models import Activity
from crm.notifications.actions import notify
from crm.notifications.wording import visible_records
from crm.users.models import Reach, User


@dataclass
class Mentions:
    """The people whose names stand in a text: those who see the record, and those who do not and so are not told."""

    told: list[User] = field(default_factory=list)
    blind: list[User] = field(default_factory=list)


def mentions_in(text: str, record: Any, by: User) -> Mentions:
    """Who is meant by the @names of a text on a record. One statement for the people, one for each of them."""
    found = Mentions()
    if "@" not in text:
        return found
    people = User.objects.of_organization(by.organization_id).active().select_related("role", "organization", "team")
    for person in _named(text, list(people)):
        if person.pk != by.pk:
            (found.told if sees(person, record) else found.blind).append(person)
    return found


def tell_mentioned(note: Activity, record: Any, *, by: User) -> Mentions:
    """Notify those who see the record; each is told of one note once."""
    mentions = mentions_in(note.body, record, by)
    for person in mentions.told:
        notify(person, "mentioned", note, key=f"mention:{note.pk}", by=by, data={"on": [record._meta.model_name, record.pk]})
    return mentions


def tell_mentioned_later(note: Activity, *, by: User) -> None:
    """After a note was mended: whoever is named now, if they see the first record that it hangs on."""
    records = visible_records(links_of(note), by)
    if records:
        tell_mentioned(note, next(iter(records.values())), by=by)


def sees(person: User, record: Any) -> bool:
    """Whether the person sees the record and notes at all."""
    if person.reach("note", "view") == Reach.NONE:
        return False
    return bool(type(record).objects.visible_to(person).filter(pk=record.pk).exists())


def _named(text: str, people: list[User]) -> list[User]:
    """Full names first, then first names and the part before the @ of the address, where only one person has it."""
    folded = text.casefold()
    found: dict[int, User] = {}
    for start in (index + 1 for index, letter in enumerate(folded) if letter == "@"):
        rest = folded[start : start + 150]
        person = _longest(rest, people)
        if person is not None:
            found[person.pk] = person
    return list(found.values())


def _longest(rest: str, people: list[User]) -> User | None:
    """The person whose name the text begins with; longer names win, a name of several people means nobody."""
    by_name: dict[str, list[User]] = {}
    for person in people:
        for name in {word.casefold() for word in (person.name, person.get_short_name(), person.email.split("@")[0])}:
            by_name.setdefault(name, []).append(person)
    for name in sorted(by_name, key=len, reverse=True):
        if name and rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum():
            return by_name[name][0] if len(by_name[name]) == 1 else None
    return None
