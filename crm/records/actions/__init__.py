from crm.records.actions.create import create_record
from crm.records.actions.delete import delete_record, restore_record
from crm.records.actions.errors import Conflict, FieldNotEditable
from crm.records.actions.purge import may_purge, purge_record
from crm.records.actions.share import share_record, unshare_record
from crm.records.actions.update import update_record

__all__ = [
    "Conflict",
    "FieldNotEditable",
    "create_record",
    "delete_record",
    "may_purge",
    "purge_record",
    "restore_record",
    "share_record",
    "unshare_record",
    "update_record",
]
