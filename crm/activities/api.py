"""Activities by program: written on the records that they are about, and tasks that are done."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.activities.actions import (
    complete_task,
    create_task,
    log_call,
    log_email,
    plan_meeting,
    reopen_task,
    tell_mentioned_later,
    write_note,
)
from crm.activities.choices import Kind
from crm.activities.models import KINDS, Note
from crm.api import openapi
from crm.api.bodies import id_of
from crm.api.described import described
from crm.api.entrance import TokenRequest, require_scope
from crm.api.router import RecordRouter
from crm.fields.record_types import RecordType, record_types
from crm.records.actions import update_record
from crm.users.models import User

MAKE: dict[str, Callable[..., Any]] = {
    Kind.TASK: create_task,
    Kind.CALL: log_call,
    Kind.MEETING: plan_meeting,
    Kind.NOTE: write_note,
    Kind.EMAIL: log_email,
}
MOST = 50
ABOUT = {
    "description": "The records on which it hangs",
    "type": "array",
    "maxItems": MOST,
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "properties": {"type": {"type": "string"}, "id": openapi.ID},
        "additionalProperties": False,
    },
}


class ActivityRouter(RecordRouter):
    """Tasks, calls, meetings, notes, e-mails: a new one says what it is about, as [{"type": "customer", "id": 12}]."""

    further = ("about",)

    def __init__(self, record_type: RecordType) -> None:
        super().__init__(record_type)
        openapi.register_further(record_type.key, about=ABOUT)
        if record_type.key == Kind.TASK:
            for verb in (self.complete, self.reopen):
                self.add("POST", f"/{{int:pk}}/{verb.__name__}", verb, described("Task"))

    def make(self, values: dict[str, Any], further: dict[str, Any], user: User) -> Any:
        records = _about(further.get("about", []), user)
        return MAKE[self.record_type.key](records, by=user, **values)

    def change(self, record: Any, values: dict[str, Any], user: User) -> None:
        update_record(record, by=user, version=record.version, **values)
        if "body" in values and isinstance(record, Note):
            tell_mentioned_later(record, by=user)

    def complete(self, request: TokenRequest, pk: int) -> HttpResponse:
        """Done; of one that repeats the next one is made."""
        user = require_scope(request, self.plural, "change")
        complete_task(self.permitted(user, "change", pk), by=user)
        return self.written(pk, user)

    def reopen(self, request: TokenRequest, pk: int) -> HttpResponse:
        """Not done after all."""
        user = require_scope(request, self.plural, "change")
        reopen_task(self.permitted(user, "change", pk), by=user)
        return self.written(pk, user)


def _about(raw: Any, user: User) -> list[Any]:
    """The records, as far as the person sees them. Raises ValidationError."""
    if not isinstance(raw, list) or len(raw) > MOST or not all(isinstance(one, dict) and set(one) == {"type", "id"} for one in raw):
        raise ValidationError({"about": _('Send a list as [{"type": "customer", "id": 12}], at most %(most)d.') % {"most": MOST}})
    return [_record(one, user) for one in raw]


def _record(one: dict[str, Any], user: User) -> Any:
    kind = record_types.get(one["type"]) if isinstance(one["type"], str) and one["type"] not in KINDS else None
    try:
        found = kind.objects().visible_to(user).filter(pk=id_of(one["id"])).first() if kind is not None else None
    except ValidationError as error:
        raise ValidationError({"about": error.messages}) from None
    if found is None:
        raise ValidationError({"about": _("Choose one that you can see: this one does not exist or is not visible to you.")})
    return found
