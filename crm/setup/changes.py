"""The log of Setup in words: which changes there are, what they are called, and from what to what."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from crm.audit.models import LogEntry
from crm.fields.record_types import record_types
from crm.users.models import FieldLevel, Reach, Role, Verb

Text = str | Promise
KINDS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "people": (lazy("People"), ("users.user", "users.invitation")),
    "roles": (lazy("Roles"), ("users.role",)),
    "teams": (lazy("Teams"), ("users.team",)),
    "settings": (lazy("Settings"), ("tenancy.organization",)),
    "fields": (lazy("Fields"), ("fields.customfield",)),
    "tags": (lazy("Tags"), ("customers.tag",)),
    "exports": (lazy("Exports"), ("exports.export",)),
    "bulk": (lazy("Changes of many"), ("bulk.bulkchange",)),
    "tokens": (lazy("API tokens"), ("api.apitoken",)),
    "calendars": (lazy("Calendar addresses"), ("activities.calendarfeed",)),
}
VERBS: dict[str, Text] = {
    "organization.created": lazy("began the organization"),
    "organization.changed": lazy("changed the settings of"),
    "operator.entered": lazy("came as the operator of this installation into"),
    "operator.left": lazy("left, as the operator of this installation,"),
    "person.invited": lazy("invited"),
    "person.invited_again": lazy("sent the invitation again to"),
    "person.invitation_revoked": lazy("withdrew the invitation of"),
    "person.joined": lazy("joined as"),
    "person.changed": lazy("changed"),
    "person.email_changed": lazy("changed the address of"),
    "person.deactivated": lazy("deactivated"),
    "person.reactivated": lazy("reactivated"),
    "person.signed_out": lazy("signed out everywhere"),
    "person.second_factor_reset": lazy("reset the second factor of"),
    "person.viewing_began": lazy("began to see Tern as"),
    "person.viewing_ended": lazy("stopped seeing Tern as"),
    "person.handed_over": lazy("handed over the records of"),
    "role.created": lazy("made the role"),
    "role.changed": lazy("changed the role"),
    "role.start_view": lazy("chose the first view for the role"),
    "role.home": lazy("arranged the first page of the role"),
    "role.deleted": lazy("deleted the role"),
    "team.created": lazy("made the team"),
    "team.renamed": lazy("renamed the team"),
    "team.moved": lazy("moved the team"),
    "team.deleted": lazy("deleted the team"),
    "customfield.created": lazy("added the field"),
    "customfield.changed": lazy("changed the field"),
    "customfield.removed": lazy("removed the field"),
    "customfield.restored": lazy("brought back the field"),
    "tag.created": lazy("made the tag"),
    "tag.changed": lazy("changed the tag"),
    "tag.merged": lazy("merged a tag into"),
    "tag.deleted": lazy("deleted the tag"),
    "bulk.made": lazy("changed many at once:"),
    "bulk.undone": lazy("took back the change of many"),
    "export.made": lazy("exported"),
    "export.deleted": lazy("deleted the export"),
    "calendarfeed.made": lazy("made the calendar address of"),
    "calendarfeed.revoked": lazy("revoked the calendar address of"),
    "apitoken.created": lazy("made the API token"),
    "apitoken.revoked": lazy("revoked the API token"),
}
LABELS: dict[str, Text] = {
    "like": lazy("Copy of"),
    "second_factors": lazy("Second factors"),
    "is_active": lazy("May sign in"),
    "sessions": lazy("Sessions"),
    "home": lazy("First page"),
}


@dataclass(frozen=True)
class Line:
    """One entry: who did what to whom; `changes` are (what, from, to)."""

    entry: LogEntry
    verb: Text
    changes: list[tuple[str, str, str]]


def changes_of(organization_id: int, kind: str = "") -> QuerySet[LogEntry]:
    """What administrators changed, newest first; `kind` is a key of KINDS, empty for all."""
    names = KINDS[kind][1] if kind in KINDS else [name for _label, models in KINDS.values() for name in models]
    entries = LogEntry.objects.filter(organization_id=organization_id, content_type__in=_content_types(tuple(names)))
    return entries.select_related("actor", "content_type").order_by("-timestamp", "-pk")


def in_words(entry: LogEntry) -> Line:
    changes = [(_label(entry, key), _text(entry, key, old), _text(entry, key, new)) for key, old, new in told(entry)]
    return Line(entry, VERBS.get(entry.verb, entry.verb), changes)


def told(entry: LogEntry) -> Iterator[tuple[str, object, object]]:
    """(key, from, to) of each change."""
    yield from ((key, old, new) for key, (old, new) in (entry.changes or {}).items())


def _content_types(names: tuple[str, ...]) -> list[int]:
    return [found.pk for found in ContentType.objects.get_for_models(*map(apps.get_model, names)).values()]


def _label(entry: LogEntry, key: str) -> str:
    kind_key, _dot, cell = key.partition(".")
    kind = record_types.get(kind_key) if cell else None
    if kind is not None and cell in Verb.values:
        return _("%(verb)s %(records)s") % {"verb": Verb(cell).label, "records": kind.label_plural}
    if kind is not None and cell in kind.fields:
        return _("“%(field)s” of %(records)s") % {"field": capfirst(str(kind.fields[cell].label)), "records": kind.label_plural}
    if key in LABELS:
        return str(LABELS[key])
    field = _field(_model(entry), key)
    return capfirst(str(getattr(field, "verbose_name", key))).replace("_", " ")


def _text(entry: LogEntry, key: str, value: object) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, list):
        return ", ".join(_text(entry, key, one) for one in value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("label", ""))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if "." in key and _model(entry) is Role:
        labels = {**dict(Reach.choices), **dict(FieldLevel.choices)}
        return str(labels.get(str(value), value))
    flat = MONTHS.items() if key == "fiscal_year_start" else getattr(_field(_model(entry), key), "flatchoices", None) or []
    return str(next((label for known, label in flat if known == value), value))


def _field(model: type[Model] | None, key: str) -> object:
    try:
        return model._meta.get_field(key) if model is not None else None
    except FieldDoesNotExist:
        return None


def _model(entry: LogEntry) -> type[Model] | None:
    kind = entry.content_type
    return apps.get_model(kind.app_label, kind.model) if (kind.app_label, kind.model) in _known() else None


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset((model._meta.app_label, model._meta.model_name or "") for model in apps.get_models())
