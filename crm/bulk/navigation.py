"""The buttons of the bar below a list."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from crm.bulk.actions import may_change_many
from crm.bulk.editing import tags_key
from crm.bulk.models import Kind
from crm.fields.record_types import RecordType
from crm.ui import bulk
from crm.ui.bulk import BulkAction
from crm.users.models import User


def _may(kind: str) -> Callable[[User, RecordType], bool]:
    return lambda user, record_type: may_change_many(user, record_type, kind)


def _may_edit(key: str) -> Callable[[User, RecordType], bool]:
    return lambda user, record_type: may_change_many(user, record_type, Kind.EDIT) and record_type.fields[key].editable_by(user)


def _may_tag(user: User, record_type: RecordType) -> bool:
    key = tags_key(record_type)
    return bool(key) and _may_edit(key)(user, record_type)


bulk.register(
    BulkAction("", Kind.ASSIGN, _("Assign"), "user-plus", "bulk-new", order=10, visible=_may_edit("owner")),
    BulkAction("", Kind.EDIT, _("Edit"), "pencil", "bulk-new", order=20, visible=_may(Kind.EDIT)),
    BulkAction("", Kind.TAG, _("Tag"), "tag", "bulk-new", order=30, visible=_may_tag),
    BulkAction("", Kind.SHARE, _("Share"), "user-share", "bulk-new", order=40, visible=_may(Kind.SHARE)),
    BulkAction("", Kind.DELETE, _("Delete"), "trash", "bulk-new", classes="btn-danger", order=90, visible=_may(Kind.DELETE)),
)
