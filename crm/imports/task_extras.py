"""What a task takes from a file besides its columns: the customer and the contact it is about, and whether it is done."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.actions.links import happened, seen_anew
from crm.activities.models import ActivityLink
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import record_types
from crm.imports.extras import Rows
from crm.users.models import User

ABOUT = ("customer", "contact")
STATUS = (
    ("open", _("Open")), ("not_started", _("Not started")), ("in_progress", _("In progress")), ("waiting", _("Waiting on someone else")),
    ("deferred", _("Deferred")), ("planned", _("Planned")), ("done", _("Done")), ("completed", _("Completed")), ("closed", _("Closed")),
)  # fmt: skip
OVER = frozenset({"done", "completed", "closed"})


class TaskExtra:
    """Links are written for new tasks; a task that is done gets its time from the file, else from when it was due, else now."""

    def fields(self) -> Sequence[Field]:
        about = [self._about(key) for key in ABOUT if key in record_types]
        return [
            *about,
            Field("task", "done", _("done"), Kind.YES_NO, "done"),
            Field("task", "status", _("status"), Kind.CHOICE, "status", choices=STATUS),
        ]

    def _about(self, key: str) -> Field:
        model = record_types[key].model
        return Field("task", key, model._meta.verbose_name, Kind.REFERENCE, key, column=models.ForeignKey(model, models.CASCADE))

    def prepare(self, values: dict[str, Any], *, by: User) -> dict[str, Any]:
        """Take the extras out of what was read, and set the columns that follow from them. Returns what is left for `write`."""
        done, status = values.pop("done", None), values.pop("status", None)
        if values.get("done_at") is None and (done or status in OVER):
            now = timezone.now()
            values["done_at"] = min(values.get("due_at") or now, now)
        return {}

    def write(self, rows: Rows, *, by: User, new: bool) -> None:
        """Hang the tasks on what they are about."""
        links = [
            ActivityLink(
                organization_id=task.organization_id, activity_id=task.pk, record_type=key, record_id=values[key], kind=task.kind,
                at=task.at, actor_id=task.owner_id, is_open=task.done_at is None,
            )
            for task, values in rows
            for key in ABOUT
            if values.get(key)
        ]  # fmt: skip
        ActivityLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=1000)
        for task, values in rows:
            keys = [(key, values[key]) for key in ABOUT if values.get(key)]
            if keys:
                seen_anew(task)
                happened(task, keys)
