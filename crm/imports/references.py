"""What rows name: people, teams, tags and other records, found for many rows at once and only within the person's sight."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import record_types
from crm.lib.text import fold
from crm.records.models import Record
from crm.records.own_ids import key_of
from crm.users.models import Team, User

REMEMBERED = 20_000


class People:
    """The organization's active people, by e-mail address and by name; its teams by name."""

    def __init__(self, by: User) -> None:
        people = User.objects.of_organization(by.own_organization_id).active().select_related("role", "team")
        self._by_email: dict[str, User] = {}
        self._by_name: dict[str, list[User]] = {}
        for person in people:
            self._by_email[person.email.casefold()] = person
            self._by_name.setdefault(fold(person.name), []).append(person)
        self._teams = {fold(team.name): team for team in Team.objects.filter(organization_id=by.own_organization_id)}

    def person(self, text: str) -> User | None:
        """By address, by name, by what stands before the @: only if it is one person."""
        found = self._by_email.get(text.casefold())
        if found is not None:
            return found
        named = self._by_name.get(fold(text), [])
        return named[0] if len(named) == 1 else None

    def team(self, text: str) -> Team | None:
        return self._teams.get(fold(text))


class Records:
    """Records of one type that the person sees, by name, external id, e-mail address or domain."""

    COLUMNS = {"name": "name", "id": "external_id", "email": "email", "domain": "domain"}

    def __init__(self, model: type[Record], by: User) -> None:
        self._model, self._by = model, by
        self._known: dict[tuple[str, str], list[Any]] = {}

    def learn(self, way: str, texts: Iterable[str]) -> None:
        """Look up what is not known yet, in one statement."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        missing = {self._key(way, text) for text in texts} - {key for known_way, key in self._known if known_way == way}
        if not missing:
            return
        for key in missing:
            self._known[(way, key)] = []
        if way == "key":
            self._learn_keys(missing)
            return
        column = self._column(way)
        if column is None:
            return
        for record in self._model.objects.visible_to(self._by).filter(Q(**{f"{column}__in": list(missing)})):
            self._known.setdefault((way, self._key(way, str(getattr(record, column)))), []).append(record)

    def _learn_keys(self, texts: Iterable[str]) -> None:
        """By their own ids."""
        keys = {text: pk for text in texts if (pk := key_of(text, self._by.own_organization)) is not None}
        seen = self._model.objects.visible_to(self._by).in_bulk(set(keys.values()))
        for text, pk in keys.items():
            self._known[("key", text)] = [seen[pk]] if pk in seen else []

    def get(self, way: str, text: str) -> list[Any]:
        """The records of that name, after `learn()`."""
        return self._known.get((way, self._key(way, text)), [])

    def add(self, way: str, text: str, record: Any) -> None:
        """One that is about to be made."""
        self._known[(way, self._key(way, text))] = [record]

    def _column(self, way: str) -> str | None:
        names = {column.name for column in self._model._meta.fields}
        name = self.COLUMNS.get(way, "name")
        sorted_by = record_types.of(self._model).sort_keys.get(name, name)
        found = sorted_by if sorted_by in names else name
        return found if found in names else None

    @staticmethod
    def _key(way: str, text: str) -> str:
        return text.strip() if way in {"id", "key"} else " ".join(text.split()).lower()


class References:
    """All lookups of one import."""

    def __init__(self, fields: dict[str, Field], by: User) -> None:
        self._fields, self.by = fields, by
        self.people = People(by)
        self._records: dict[str, Records] = {}
        self._tags: dict[str, dict[str, models.Model]] = {}

    def records(self, key: str) -> Records:
        """The lookup for one reference field."""
        model = self.model_of(key)
        return self._records.setdefault(model._meta.label, Records(model, self.by))

    def model_of(self, key: str) -> Any:
        target = self._fields[key]
        column: Any = target.column
        return column.remote_field.model

    def learn(self, wanted: Iterable[tuple[str, str, str]]) -> None:
        """(field, way, text): what a batch names."""
        grouped: dict[tuple[str, str], set[str]] = {}
        for key, way, text in wanted:
            if self._fields[key].kind == Kind.REFERENCE:
                grouped.setdefault((key, way), set()).add(text)
        for (key, way), texts in grouped.items():
            self.records(key).learn(way, texts)

    def find(self, key: str, way: str, text: str) -> tuple[Any, str]:
        """What is meant, or None and why not."""
        kind = self._fields[key].kind
        if kind == Kind.PERSON:
            person = self.people.person(text)
            return person, "" if person else _("There is nobody here called “%(text)s”.") % {"text": text[:80]}
        if kind == Kind.TEAM:
            team = self.people.team(text)
            return team, "" if team else _("There is no team called “%(text)s”.") % {"text": text[:80]}
        if kind == Kind.ENTRY:
            entry = self.tags(key).get(fold(text))
            noun = self.model_of(key)._meta.verbose_name
            return entry, "" if entry else _("There is no %(noun)s called “%(text)s”.") % {"noun": noun, "text": text[:80]}
        found = self.records(key).get(way, text)
        if len(found) == 1:
            return found[0], ""
        noun = self.model_of(key)._meta.verbose_name
        if found:
            sentence = _("There are %(count)d %(noun)s records called “%(text)s”, so none was taken.")
            return None, sentence % {"count": len(found), "noun": noun, "text": text[:80]}
        return None, _("No %(noun)s “%(text)s” was found.") % {"noun": noun, "text": text[:80]}

    def tags(self, key: str) -> dict[str, models.Model]:
        """The organization's tags, or the entries of a small table, by folded name."""
        if key not in self._tags:
            column: Any = self._fields[key].column
            model = column.remote_field.model
            self._tags[key] = {fold(str(tag)): tag for tag in model._base_manager.filter(organization_id=self.by.own_organization_id)}
        return self._tags[key]
