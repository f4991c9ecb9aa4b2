"""What a program asks for many records: which ones, and what to make of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.api.asked import asked, match_of
from crm.api.bodies import values_of
from crm.bulk.actions import Wish
from crm.bulk.forms import as_set, editable_in_bulk, form_of, set_words
from crm.bulk.models import Kind
from crm.fields.record_types import RecordType
from crm.lib.keys import LARGEST
from crm.query.rules import RuleError
from crm.records.listed import Listed
from crm.users.models import User
from crm.views.list_state import words_of
from crm.views.selection import MOST_TICKS

WHICH = frozenset({"ids", "every_match", "preview"})
TAKEN: dict[str, frozenset[str]] = {
    Kind.ASSIGN: frozenset({"owner"}),
    Kind.EDIT: frozenset({"values"}),
    Kind.TAG: frozenset({"add", "remove"}),
    Kind.SHARE: frozenset({"person", "team", "right"}),
    Kind.DELETE: frozenset(),
}
NO_FILTERS = ("sort", "fields", "limit", "cursor")


@dataclass(frozen=True)
class Chosen:
    """The records, in no order; `words` say the filter, `missing` are ids that the person does not see."""

    rows: Any
    words: str = ""
    missing: list[int] = field(default_factory=list)


def _names_a_filter(params: QueryDict) -> bool:
    """What is empty filters nothing; how several filters go together is none."""
    return any(value for name, values in params.lists() if name != "match" for value in values)


def chosen_of(body: Mapping[str, Any], params: QueryDict, record_type: RecordType, user: User) -> Chosen:
    """Those with the `ids`, or with `every_match` those that the address describes as a list's does. Raises ValidationError, RuleError."""
    if ("ids" in body) == ("every_match" in body):
        raise ValidationError(_('Say which records: "ids", or "every_match": true for all that the address finds.'))
    if "ids" in body:
        match_of(params)
        if _names_a_filter(params):
            raise RuleError(_('A filter goes with "every_match": true, not with ids.'))
        return _with_ids(_ids(body["ids"], "ids"), record_type, user)
    if body["every_match"] is not True:
        raise ValidationError({"every_match": _("Send true, or ids instead.")})
    if wrong := next((key for key in NO_FILTERS if key in params), None):
        raise RuleError(_("“%(name)s” says nothing about which records are meant: leave it out.") % {"name": wrong})
    found = asked(params, record_type, user)
    words = words_of(found.rule, found.search, record_type, user) if found.is_filtered else ""
    return Chosen(Listed(record_type, user, found.rule, found.search).queryset, words.replace("\0", ""))


def _with_ids(keys: list[int], record_type: RecordType, user: User) -> Chosen:
    rows = record_type.objects().visible_to(user).filter(pk__in=keys)
    return Chosen(rows, missing=sorted(set(keys) - set(rows.order_by().values_list("pk", flat=True))))


def is_preview(body: Mapping[str, Any]) -> bool:
    """Whether nothing is to be changed yet. Raises ValidationError."""
    if not isinstance(body.get("preview", False), bool):
        raise ValidationError({"preview": _("Send true or false.")})
    return bool(body.get("preview", False))


def wish_of(kind: str, body: Mapping[str, Any], record_type: RecordType, user: User, words: str) -> Wish:
    """What to make of them. Raises ValidationError, by field."""
    if unknown := set(body) - TAKEN[kind] - WHICH:
        raise ValidationError({key.replace("\0", "")[:100] or "?": _("There is no such field to write.") for key in unknown})
    if kind in {Kind.ASSIGN, Kind.EDIT}:
        values = _values(kind, body, record_type, user)
        return Wish(kind, as_set(values), set_words(record_type, values), words)
    names = {"holder": "team" if "team" in body else "person"}
    form = form_of(kind, _fills(kind, body), record_type=record_type, user=user, keys=())
    if not form.is_valid():
        raise ValidationError({names.get(key, key): errors for key, errors in form.errors.as_data().items()})
    return Wish(kind, form.values, form.what, words)


def _values(kind: str, body: Mapping[str, Any], record_type: RecordType, user: User) -> dict[str, Any]:
    """The values to set, as a single record takes them."""
    sent = {"owner": body["owner"]} if kind == Kind.ASSIGN and "owner" in body else body.get("values")
    if not isinstance(sent, dict) or not sent:
        text = _("Send the person.") if kind == Kind.ASSIGN else _('Send fields with their values, as {"industry": "energy"}.')
        raise ValidationError({"owner" if kind == Kind.ASSIGN else "values": text})
    values = values_of(sent, record_type, user)
    offered = {"owner"} if kind == Kind.ASSIGN else editable_in_bulk(record_type, user).keys()
    if refused := values.keys() - offered:
        raise ValidationError({key: _("This cannot be the same in many records, or your role may not change it.") for key in refused})
    return values


def _fills(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of the pages is filled in with. Raises ValidationError."""
    if kind == Kind.TAG:
        return {name: _ids(body.get(name, []), name, few=0) for name in ("add", "remove")}
    if kind == Kind.SHARE:
        return {"holder": _holder(body), "right": body.get("right", "view")}
    return {}


def _holder(body: Mapping[str, Any]) -> str:
    if ("person" in body) == ("team" in body):
        raise ValidationError(_("Say with whom: a person or a team."))
    name = "person" if "person" in body else "team"
    return f"{name}-{_id(body[name], name)}"


def _ids(raw: Any, name: str, few: int = 1) -> list[int]:
    if not isinstance(raw, list) or not few <= len(raw) <= MOST_TICKS:
        raise ValidationError({name: _("Send a list of ids, at most %(most)d.") % {"most": MOST_TICKS}})
    return list(dict.fromkeys(_id(one, name) for one in raw))


def _id(raw: Any, name: str) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw <= LARGEST:
        raise ValidationError({name: _("Send an id, as 12.")})
    return raw
