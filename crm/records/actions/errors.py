"""Why an action refused. Validation errors are Django's ValidationError, missing rights crm.access.decisions.NotPermitted."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class Conflict(Exception):
    """Somebody else saved the record in between. `theirs` is {field: value now}, `mine` {field: value wanted}; nothing was written."""

    def __init__(self, record: Any, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
        self.record, self.mine, self.theirs = record, mine, theirs
        super().__init__(_("%(person)s changed this in between.") % {"person": record.updated_by or _("Somebody")})


class FieldNotEditable(PermissionDenied):
    """The role does not allow this field to be edited. `fields` are the fields' labels."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(_("Your role does not let you edit: %(fields)s.") % {"fields": ", ".join(fields)})
