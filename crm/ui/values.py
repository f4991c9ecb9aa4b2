"""How one field's value reads to one person: texts and addresses, never markup. The same on lists, record pages, history and peeks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType, record_types
from crm.lib.countries import country_name
from crm.lib.domains import display_website
from crm.lib.languages import language_name
from crm.lib.money import format_money
from crm.lib.phones import display_phone, tel_url
from crm.query.reading import level_of
from crm.tenancy.models import Organization
from crm.ui import formats
from crm.ui.moments import Clock, duration
from crm.users.models import FieldLevel, Team, User


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the page for one value.

    `state` is "value", "empty", "hidden", "masked" (the role withholds it) or "unseen" (a record outside the person's sight);
    `title` is said on hover, `iso` is the machine's form of a time, `parts` are the members of a list, `refused` is what the person
    asked not to get there.
    """

    state: str
    kind: str
    text: str = ""
    url: str = ""
    hue: str = ""
    title: str = ""
    iso: str = ""
    parts: tuple["Shown", ...] = ()
    refused: str = ""


Show = Callable[[Any], Shown]


class Viewer:
    """The values of some records for one person. People, teams and references cost one statement each for all records together.

    `fields` are those that will be asked for; by default all of the record type.
    """

    def __init__(self, user: User, record_type: RecordType, records: Sequence[Any], fields: Iterable[Field] | None = None) -> None:
        self.user, self.record_type, self.records = user, record_type, records
        self.fields = list(fields if fields is not None else record_type.fields.values())
        self.clock = Clock.current()
        self._shows: dict[str, Show] = {}
        self._seen: dict[type[Any], dict[int, Any]] = {}

    def show(self, field: Field, record: Any) -> Shown:
        """The value of one record."""
        return self.column(field)(record)

    def column(self, field: Field) -> Show:
        """How all records show this field: the access rule is asked once."""
        show = self._shows.get(field.key)
        if show is None:
            show = self._shows[field.key] = self._with_refusal(field, self._show_of(field))
        return show

    def _with_refusal(self, field: Field, show: Show) -> Show:
        """“Do not call” beside the number of who asked for that."""
        refusals = (self.record_type.fields[key] for key, about in self.record_type.consent.items() if about == field.key)
        flag = next((refusal for refusal in refusals if refusal.readable_by(self.user)), None)
        if flag is None:
            return show
        path, words = flag.path, capfirst(str(flag.label))

        def show_it(record: Any) -> Shown:
            value = show(record)
            return replace(value, refused=words) if value.state == "value" and getattr(record, path) else value

        return show_it

    def _show_of(self, field: Field) -> Show:
        level = level_of(field, self.user)
        if level in {FieldLevel.HIDDEN, FieldLevel.MASKED}:
            withheld = withheld_as(field, level)
            return lambda record: withheld
        if field.is_beyond:
            return self._beyond(field)
        special = {
            Kind.PERSON: self._member,
            Kind.TEAM: self._member,
            Kind.ENTRY: self._entry,
            Kind.REFERENCE: self._reference,
            Kind.TAGS: self._tags,
            Kind.CHOICES: self._choices,
            Kind.MONEY: self._money,
        }
        return special.get(field.kind, self._plain)(field)

    def _plain(self, field: Field) -> Show:
        if field.key in self.record_type.exact:
            return self._exact(field)
        spoken = field.key in self.record_type.durations
        path, say, empty = field.path, _length if spoken else self._sayer(field), Shown("empty", field.kind)

        def show(record: Any) -> Shown:
            value = getattr(record, path)
            return empty if value is None or value == "" else say(value)

        return show

    def _exact(self, field: Field) -> Show:
        """A time with its clock; the date alone where the record is about whole days."""
        path, whole, empty = field.path, self.record_type.whole_days, Shown("empty", field.kind)

        def show(record: Any) -> Shown:
            at = getattr(record, path)
            if at is None:
                return empty
            of_days = whole and at.astimezone(UTC).time() == time.min and getattr(record, whole)
            text = self.clock.day(at.astimezone(UTC).date()) if of_days else self.clock.moment(at)
            return Shown("value", Kind.TIME, text, title=self.clock.relative(at), iso=at.isoformat(timespec="minutes"))

        return show

    def _sayer(self, field: Field) -> Callable[[Any], Shown]:
        """How a value of this kind that is there reads."""
        if field.choices:
            return _choices_of(field)
        if field.kind == Kind.TIME:
            return self._moment
        if field.kind == Kind.DATE:
            return self._birthday if field.key in self.record_type.ages else self._day
        if field.kind == Kind.PHONE:
            return lambda phone: phone_as(phone, self._country)
        if field.kind in {Kind.COUNTRY, Kind.LANGUAGE}:
            named = _country if field.kind == Kind.COUNTRY else _language
            return lambda code: named(code, self.clock.language)
        say = SAY.get(field.kind)
        return say or (lambda value: Shown("value", field.kind, str(value)))

    def _moment(self, at: datetime) -> Shown:
        return Shown("value", Kind.TIME, self.clock.relative(at), title=self.clock.exact(at), iso=at.isoformat(timespec="minutes"))

    def _day(self, day: date) -> Shown:
        return Shown("value", Kind.DATE, self.clock.day(day), title=self.clock.relative_day(day), iso=day.isoformat())

    def _birthday(self, day: date) -> Shown:
        """With the age that it makes today."""
        age = _("%(day)s · %(age)d years old") % {"day": self.clock.day(day), "age": self.clock.years_since(day)}
        return Shown("value", Kind.DATE, age, iso=day.isoformat())

    def _money(self, field: Field) -> Show:
        path, empty = field.path, Shown("empty", field.kind)
        currency, default = getattr(field.column, "currency", "currency"), self._currency

        def show(record: Any) -> Shown:
            amount = getattr(record, path)
            return empty if amount is None else Shown("value", Kind.MONEY, format_money(amount, getattr(record, currency, "") or default))

        return show

    def _member(self, field: Field) -> Show:
        members = self.people if field.kind == Kind.PERSON else self.teams
        key, empty = f"{field.path}_id", Shown("empty", field.kind)
        return lambda record: members.get(getattr(record, key)) or empty

    def _entry(self, field: Field) -> Show:
        """A row of a small table, by name, with its own hue where it has one."""
        key, empty, named = f"{field.path}_id", Shown("empty", field.kind), self._entries(field)
        return lambda record: named.get(getattr(record, key)) or empty

    def _entries(self, field: Field) -> dict[int, Shown]:
        model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # entries are foreign keys
        found = {one.pk: one for one in self._loaded(Kind.ENTRY) if isinstance(one, model)}
        missing = self._pks([f"{field.path}_id"]) - found.keys()
        if missing:
            found |= model.objects.filter(organization=self._organization).in_bulk(missing)
        return {pk: Shown("value", Kind.ENTRY, str(one), hue=getattr(one, "hue", "")) for pk, one in found.items()}

    def _reference(self, field: Field) -> Show:
        key, empty = f"{field.path}_id", Shown("empty", field.kind)
        model = field.column.remote_field.model  # type: ignore[union-attr]  # references are foreign keys
        target = record_types.get(str(model._meta.model_name))
        prefix = target.list_url if target else ""
        seen = {
            pk: Shown("value", Kind.REFERENCE, str(record), url=f"{prefix}{pk}/" if prefix else "")
            for pk, record in self._visible(model).items()
        }
        unseen = Shown("unseen", field.kind, _("Not visible to you"))

        def show(record: Any) -> Shown:
            pk = getattr(record, key)
            return empty if pk is None else seen.get(pk, unseen)

        return show

    def _beyond(self, field: Field) -> Show:
        """A field of a referenced record: as it would stand there, if that record is seen."""
        reference, name = field.key.split(".", 1)
        seen = self._visible(self.record_type.model._meta.get_field(reference).remote_field.model)  # type: ignore[union-attr]
        say, empty = self._sayer(field), Shown("empty", field.kind)
        unseen = Shown("unseen", field.kind, _("Not visible to you"))

        def show(record: Any) -> Shown:
            pk = getattr(record, f"{reference}_id")
            if pk is None:
                return empty
            if pk not in seen:
                return unseen
            value = getattr(seen[pk], name)
            return empty if value is None or value == "" else say(value)

        return show

    def _choices(self, field: Field) -> Show:
        path, say, empty = field.path, _choices_of(field), Shown("empty", field.kind)

        def show(record: Any) -> Shown:
            parts = tuple(say(key) for key in getattr(record, path) or ())
            return Shown("value", field.kind, ", ".join(part.text for part in parts), parts=parts) if parts else empty

        return show

    def _tags(self, field: Field) -> Show:
        prefetch_related_objects(self.records, field.path)
        empty = Shown("empty", field.kind)

        def show(record: Any) -> Shown:
            tags = getattr(record, field.path).all()
            parts = tuple(Shown("value", Kind.CHOICE, tag.name, hue=tag.hue) for tag in tags)
            return Shown("value", field.kind, ", ".join(part.text for part in parts), parts=parts) if parts else empty

        return show

    @cached_property
    def people(self) -> dict[int | None, Shown]:
        """The people whom the records name, by key. Those that were read with the records cost nothing."""
        known = {one.pk: _person_as(one.name, one.email, active=one.is_active) for one in self._loaded(Kind.PERSON)}
        missing = self._keys(Kind.PERSON) - known.keys()
        if missing:
            found = User.objects.of_organization(self.user.organization_id).filter(pk__in=missing)
            for pk, name, email, active in found.values_list("pk", "name", "email", "is_active"):
                known[pk] = _person_as(name, email, active=active)
        return known

    @cached_property
    def teams(self) -> dict[int | None, Shown]:
        known = {one.pk: Shown("value", Kind.TEAM, one.name) for one in self._loaded(Kind.TEAM)}
        missing = self._keys(Kind.TEAM) - known.keys()
        if missing:
            found = Team.objects.filter(organization=self._organization, pk__in=missing)
            known |= {pk: Shown("value", Kind.TEAM, name) for pk, name in found.values_list("pk", "name")}
        return known

    def _loaded(self, kind: Kind) -> list[Any]:
        """The people or teams of this organization that came with the records, by select_related."""
        names = [field.path for field in self.fields if field.kind == kind and not field.is_beyond]
        met = (record._state.fields_cache.get(name) for name in names for record in self.records)
        return [one for one in met if one is not None and one.organization_id == self.user.organization_id]

    def _keys(self, kind: Kind) -> set[int]:
        return self._pks([f"{field.path}_id" for field in self.fields if field.kind == kind and not field.is_beyond])

    def _pks(self, names: Iterable[str]) -> set[int]:
        return {pk for name in set(names) for record in self.records if (pk := getattr(record, name)) is not None}

    def _visible(self, model: Any) -> dict[int, Any]:
        """The referenced records of one model that the person sees, by key."""
        if model not in self._seen:
            fields = [field for field in self.fields if self._reference_to(field, model)]
            pks = self._pks([self._reference_to(field, model) for field in fields])
            title = record_types.of(model).title if model._meta.model_name in record_types else "pk"
            needed = {title, *(field.path.partition("__")[2] for field in fields if field.is_beyond)}
            self._seen[model] = model.objects.visible_to(self.user).only(*needed).in_bulk(pks) if pks else {}
        return self._seen[model]

    def _reference_to(self, field: Field, model: Any) -> str:
        """The column through which the field reaches the model, "" if it does not."""
        name = field.key.partition(".")[0]
        if not field.is_beyond and field.kind != Kind.REFERENCE:
            return ""
        column = self.record_type.model._meta.get_field(name)
        return f"{name}_id" if column.remote_field and column.remote_field.model is model else ""

    @property
    def _organization(self) -> Organization | None:
        return self.user.organization

    @cached_property
    def _currency(self) -> str:
        return self._organization.currency if self._organization else ""

    @cached_property
    def _country(self) -> str:
        return self._organization.country if self._organization else ""


def _person_as(name: str, email: str, *, active: bool) -> Shown:
    return Shown("value", Kind.PERSON, name or email, title="" if active else _("No longer active"))


def shown(field: Field, record: Any, user: User) -> Shown:
    """One value of one record, where there is no page of them."""
    return Viewer(user, record_types[field.record_type], [record], [field]).show(field, record)


def withheld_as(field: Field, level: FieldLevel) -> Shown:
    """What stands where the role withholds the value: never the value, never a sign whether there is one."""
    if level == FieldLevel.HIDDEN:
        return Shown("hidden", field.kind, _("Hidden by role"))
    return Shown("masked", field.kind, "••••", title=_("Masked by role"))


def _length(seconds: int) -> Shown:
    return Shown("value", Kind.NUMBER, duration(seconds))


def _choices_of(field: Field) -> Callable[[Any], Shown]:
    known = _known_choices(field.record_type, field.key, get_language(), field.choices, field.hues)
    return lambda key: known.get(key) or Shown("value", Kind.CHOICE, str(key))


@lru_cache(maxsize=512)
def _known_choices(record_type: str, key: str, language: str | None, choices: Any, hues: Any) -> dict[str, Shown]:
    hue_of = dict(hues)
    return {key: Shown("value", Kind.CHOICE, str(label), hue=hue_of.get(key, "")) for key, label in choices}


@lru_cache(maxsize=8192)
def phone_as(phone: str, country: str) -> Shown:
    """A stored number as it is read in the country, dialled when pressed."""
    return Shown("value", Kind.PHONE, display_phone(phone, country), url=tel_url(phone))


def _url(url: str) -> Shown:
    return Shown("value", Kind.URL, display_website(url), url=url if url.startswith(("http://", "https://")) else "")


@lru_cache(maxsize=1024)
def _country(code: str, language: str | None) -> Shown:
    return Shown("value", Kind.COUNTRY, str(country_name(code)))


@lru_cache(maxsize=1024)
def _language(code: str, language: str | None) -> Shown:
    return Shown("value", Kind.LANGUAGE, str(language_name(code)))


def _yes_no(value: bool) -> Shown:
    return Shown("value", Kind.YES_NO, _("Yes") if value else _("No"))


def _number(value: int | Decimal) -> Shown:
    places = max(0, -int(value.normalize().as_tuple().exponent)) if isinstance(value, Decimal) else 0
    return Shown("value", Kind.NUMBER, formats.number(value, places))


SAY: dict[str, Callable[[Any], Shown]] = {
    Kind.URL: _url,
    Kind.EMAIL: lambda address: Shown("value", Kind.EMAIL, address, url=f"mailto:{address}"),
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _number,
}
