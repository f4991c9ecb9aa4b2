"""On what a new activity hangs: one chosen record of each type that shows its activities."""

from typing import Any

from django.utils.text import capfirst

from crm.activities import hanging
from crm.fields.record_types import RecordType, record_types
from crm.users.models import Reach, User
from crm.views.references import ReferenceField, ReferenceWidget

PREFIX = "about_"


class AboutField(ReferenceField):
    """A record of the type, chosen by its name from those that the person sees, or None."""

    def __init__(self, record_type: RecordType, user: User) -> None:
        super(ReferenceField, self).__init__(
            label=capfirst(str(record_type.label)), required=False, max_length=300, widget=ReferenceWidget(record_type.key)
        )
        self.model: Any = record_type.model
        self.user = user


def add_about(form: Any, user: User) -> None:
    """Let the form ask what it is about."""
    for key in hanging.parents():
        if user.reach(key, "view") != Reach.NONE:
            form.fields[f"{PREFIX}{key}"] = AboutField(record_types[key], user)


def chosen_about(form: Any) -> list[Any]:
    """The records that were chosen."""
    return [value for name, value in form.cleaned_data.items() if name.startswith(PREFIX) and value is not None]
