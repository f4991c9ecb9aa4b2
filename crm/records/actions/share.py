from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from crm.access.decisions import require
from crm.access.shares import add_share, remove_share
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.records.models import Record
from crm.search.documents import refresh_principals
from crm.users.models import Team, User

R = TypeVar("R", bound=Record)


@transaction.atomic
def share_record(record: R, holder: User | Team, *, may_change: bool = False, by: User) -> R:
    """Let a person or a team see the record, and edit it when `may_change`. Takes effect at once."""
    require(by, "share", record)
    add_share(record, holder, may_change=may_change, by=by)
    refresh_principals(record_types.of(record), [record.pk])
    right = _("see and edit") if may_change else _("see")
    log_change(Change(record, UPDATE, f"{record._meta.model_name}.shared", {"shares": (None, f"{holder} ({right})")}), by=by)
    record_event(f"{record._meta.model_name}.shared", record, by=by, data={"with": [holder._meta.model_name, holder.pk]})
    return record


@transaction.atomic
def unshare_record(record: R, holder: User | Team, *, by: User) -> R:
    """Take back what was shared with a person or a team. Takes effect at once."""
    require(by, "share", record)
    remove_share(record, holder)
    refresh_principals(record_types.of(record), [record.pk])
    log_change(Change(record, UPDATE, f"{record._meta.model_name}.unshared", {"shares": (str(holder), None)}), by=by)
    record_event(f"{record._meta.model_name}.unshared", record, by=by, data={"with": [holder._meta.model_name, holder.pk]})
    return record
