"""Running an action from a form: what it refuses is said where it is mended."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from crm.records.actions import Conflict
from crm.ui import formats


def attempt(form: Any, action: Callable[[], Any]) -> tuple[Any, int]:
    """Run an action. What it refuses becomes the form's errors: its result or None, and the status of the answer."""
    try:
        return action(), 200
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for key, sentences in found.items():
            form.add_error(key if key in form.fields else None, ValidationError(list(sentences)))
        return None, 422
    except Conflict as conflict:
        tell_conflict(form, conflict)
        return None, 409
    except PermissionDenied as error:
        form.add_error(None, str(error))
        return None, 403


def tell_conflict(form: Any, conflict: Conflict) -> None:
    """Both values, each beside its field; sent again, the person's own holds."""
    fields = form.record_type.fields if hasattr(form, "record_type") else {}
    form.add_error(None, _("%(conflict)s Save again to keep yours, or write what stands now.") % {"conflict": conflict})
    for key, theirs in conflict.theirs.items():
        if key in form.fields and key in fields:
            form.add_error(key, _("It is “%(value)s” now.") % {"value": in_words(fields[key].label_of(theirs))})
    form.data = form.data.copy()
    form.data["version"] = str(conflict.record.version)


def in_words(value: Any) -> str:
    """A value as a text: a dash for nothing, the members of a list beside each other."""
    if value is None or value == "":
        return formats.EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.exact(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return ", ".join(map(in_words, value)) or formats.EMPTY
    return str(value)
