"""Filters of the workshop's lists: choices of a field, and people and teams of the own organization."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.users.models import Team, User
from crm.views.loading import person_of

MOST = 40
KINDS = (Kind.CHOICE, Kind.PERSON, Kind.TEAM)


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


def filter_of(field: Field) -> type[OwnFilter]:
    """The filter of one field of a record type."""

    class FieldFilter(OwnFilter):
        title = field.label
        parameter_name = field.key

        def choices_for(self, request: HttpRequest) -> list[tuple[str, str]]:
            organization = person_of(request).own_organization_id
            if field.kind == Kind.PERSON:
                people = User.objects.of_organization(organization).active().order_by("name")[:MOST]
                return [(str(person.pk), str(person)) for person in people]
            if field.kind == Kind.TEAM:
                return [(str(team.pk), str(team)) for team in Team.objects.filter(organization_id=organization)[:MOST]]
            return [(str(key), str(label)) for key, label in field.choices]

    return FieldFilter


def filters_of(record_type: RecordType, user: User) -> list[type[OwnFilter]]:
    """Of the choices that stand in the list or beside the name, and of owner and team; none that the role may not read."""
    keys = dict.fromkeys([record_type.badge, *record_type.columns, *record_type.inline, "owner", "team"])
    fields = [record_type.fields[key] for key in keys if key in record_type.fields]
    return [filter_of(field) for field in fields if field.custom is None and field.kind in KINDS and field.readable_by(user)]
