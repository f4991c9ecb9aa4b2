"""What the forms of all kinds share."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.choices import ICONS, Kind
from crm.activities.refusals import refusal_of
from crm.fields.record_types import record_types
from crm.records.values import ValueContext, clean_value
from crm.users.models import User
from crm.views.forms import added_fields, control_of, narrow, shown_in_added

MORNING = time(8, 30)
AROUND = frozenset({"csrfmiddlewaretoken", "token", "next"})


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def text_input(placeholder: Any, rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": placeholder, "data-composer": True})


def at(day: Any, clock: time) -> datetime:
    """That time on that day by the person's clock."""
    return timezone.make_aware(datetime.combine(day, clock))


def to_the_minute(moment: datetime | None) -> datetime | None:
    """As the input shows it: by the person's clock, without seconds."""
    return timezone.localtime(moment).replace(second=0, microsecond=0) if moment else None


class ComposerForm(forms.Form):
    """One tab of the composer, or the form of an activity that is edited.

    `participants` are the record's contacts who may have taken part. `sources` names the fields behind a value of the model where
    they are called otherwise; `more` are the fields that stand behind "More".
    """

    kind: ClassVar[Kind]
    action: ClassVar[Any]
    label: ClassVar[Any]
    button: ClassVar[Any]
    said: ClassVar[Any]
    more: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    people = forms.MultipleChoiceField(label=_("With"), required=False, widget=forms.CheckboxSelectMultiple)
    with_people: ClassVar[bool] = True

    def __init__(self, *args: Any, user: User, participants: list[Any] | None = None, activity: Any = None, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_{self.kind}_%s"
        self.added = {field.key: field for field in added_fields(record_types[self.kind]) if field.editable_by(user)}
        shown = {**shown_in_added(self.added.values(), activity), **(self.shown(activity) if activity else self.proposed(user))}
        kwargs["initial"] = {**shown, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.user, self.participants, self.activity = user, participants or [], activity
        people: Any = self.fields["people"]
        people.choices = [(str(record.pk), self._named(record)) for record in self.participants]
        if not self.with_people or not self.participants:
            del self.fields["people"]
        self._narrow()
        self._add_fields()

    def _add_fields(self) -> None:
        """Those that the organization added to this kind."""
        for key, field in self.added.items():
            self.fields[key] = control_of(field)
            narrow(self.fields[key], field, self.user, self.initial.get(key))

    def _named(self, record: Any) -> str:
        refusal = refusal_of(record, self.kind, self.user)
        return f"{record} · {refusal}" if refusal else str(record)

    def _narrow(self) -> None:
        """Leave out what the role may not set; a new one takes no notice of what it may not read either."""
        fields = record_types[self.kind.value].fields
        for key in {*self.sources, *self.fields} & set(fields):
            if not fields[key].editable_by(self.user):
                for name in self.sources.get(key, (key,)):
                    self.fields.pop(name, None)
        for each in self.fields.values():
            if hasattr(each, "user"):
                each.user = self.user

    @classmethod
    def proposed(cls, user: User) -> dict[str, Any]:
        """The values of a fresh form."""
        return {}

    @classmethod
    def shown(cls, activity: Any) -> dict[str, Any]:
        """The values of the form of an activity that is there."""
        return {name: getattr(activity, name) for name in cls.base_fields if hasattr(activity, name)}

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def main_fields(self) -> list[Any]:
        behind = {"body", "people", *(field.name for field in self.more_fields)}
        return [field for field in self if field.name not in behind]

    @property
    def more_fields(self) -> list[Any]:
        """Also the added ones that may stay empty."""
        optional = [key for key, field in self.added.items() if not field.required]
        return [self[name] for name in (*self.more, *optional) if name in self.fields]

    @property
    def more_open(self) -> bool:
        """Whether somebody has to look behind "More"."""
        return any(field.errors or (field.name in self.more and self.initial.get(field.name)) for field in self.more_fields)

    def _clean_fields(self) -> None:
        """The values of added fields by their kinds, as everywhere."""
        super()._clean_fields()  # type: ignore[misc]  # Django's own hook, not in the stubs
        context = ValueContext(self.user.own_organization)
        for key in self.added.keys() & self.cleaned_data.keys():
            try:
                self.cleaned_data[key] = clean_value(self.added[key], self.cleaned_data[key], context)
            except ValidationError as error:
                self.add_error(key, error)

    def facts(self) -> dict[str, Any]:
        """The model's values, also the empty ones."""
        own = {*self.base_fields, *self.added} - {"people"}
        return {key: value for key, value in self.cleaned_data.items() if key in own}

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {key: value for key, value in self.facts().items() if key in self.added or value not in (None, "")}  # lists have no hash

    def changes(self) -> dict[str, Any]:
        """Of an activity that is there: the values that the person has changed."""
        changed = set(self.changed_data)
        return {key: value for key, value in self.facts().items() if changed & set(self.sources.get(key, (key,)))}

    def chosen(self) -> list[Any]:
        """The participants who were chosen."""
        pks = set(self.cleaned_data.get("people") or [])
        return [record for record in self.participants if str(record.pk) in pks]

    def carry_out(self, records: list[Any], token: str) -> Any:
        """Do it, on the records and with the chosen people. Raises what the action raises.

        Sent twice with the same words, it is written once; other words with the same token (the way back of a browser) are another one.
        """
        return type(self).action([*records, *self.chosen()], by=self.user, token=self._once(token), **self.values())

    def _once(self, token: str) -> str:
        if not token:
            return ""
        data: Any = self.data
        said = sorted((key, tuple(data.getlist(key))) for key in data if key not in AROUND)
        return hashlib.sha256(repr((token[:100], str(self.kind), said)).encode()).hexdigest()
