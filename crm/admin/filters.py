"""Filters of the workshop's lists: choices of a field, and people and teams of the own organization."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import NAMED, Kind
from crm.fields.record_types import RecordType
from crm.query.compiling import to_q
from crm.query.rules import Condition
from crm.query.words import named_rows
from crm.users.models import User
from crm.views.loading import person_of

MOST = 40
KINDS = (Kind.CHOICE, Kind.PERSON, *NAMED)
ADDED_KINDS = (Kind.CHOICE, Kind.CHOICES, Kind.PERSON, Kind.YES_NO)


class OwnFilter(SimpleListFilter):
    """One parameter, a fixed list of values. Anything else finds nothing: no other column can be asked for through the address."""

    def choices_for(self, request: HttpRequest) -> list[tuple[str, str]]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.choices_for(request)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(key) for key, _label in self.lookup_choices}:
            return queryset.none()
        return self.matching(queryset, value)

    def matching(self, queryset: Any, value: str) -> Any:
        return queryset.filter(**{str(self.parameter_name): value})


def condition_of(field: Field, value: str) -> Condition:
    """What the lists of the pages ask when one value of an added field is chosen."""
    if field.kind == Kind.YES_NO:
        return Condition(field.key, value)
    return Condition(field.key, "has_any" if field.kind == Kind.CHOICES else "is", value)


def filter_of(field: Field, record_type: RecordType, user: User) -> type[OwnFilter]:
    """The filter of one field of a record type, for this person."""

    class FieldFilter(OwnFilter):
        title = field.label
        parameter_name = field.key

        def choices_for(self, request: HttpRequest) -> list[tuple[str, str]]:
            organization = person_of(request).own_organization_id
            if field.kind == Kind.PERSON:
                people = User.objects.of_organization(organization).active().order_by("name")[:MOST]
                return [(str(person.pk), str(person)) for person in people]
            if field.kind in NAMED:
                return [(str(row.pk), str(row)) for row in named_rows(field, user)[:MOST]]
            if field.kind == Kind.YES_NO:
                return [("yes", _("Yes")), ("no", _("No"))]
            return [(str(key), str(label)) for key, label in field.choices]

        def matching(self, queryset: Any, value: str) -> Any:
            if field.custom is None:
                return super().matching(queryset, value)
            return queryset.filter(to_q(condition_of(field, value), record_type, user))

    return FieldFilter


def filters_of(record_type: RecordType, user: User) -> list[type[OwnFilter]]:
    """Of the choices that stand in the list or beside the name, of owner and team, and of added fields; none that the role may not read."""
    keys = dict.fromkeys([record_type.badge, *record_type.columns, *record_type.inline, "owner", "team"])
    own = [record_type.fields[key] for key in keys if key in record_type.fields and record_type.fields[key].kind in KINDS]
    added = [field for field in record_type.fields.values() if field.custom and field.filterable and field.kind in ADDED_KINDS]
    fields = [field for field in own if field.custom is None] + added
    return [filter_of(field, record_type, user) for field in fields if field.readable_by(user)]
