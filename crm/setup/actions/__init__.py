from crm.setup.actions.fields import change_field, create_field, move_field, remove_field, restore_field
from crm.setup.actions.hand_over import BATCH, hand_over, hand_over_batch, records_owned_by

__all__ = [
    "BATCH",
    "change_field",
    "create_field",
    "hand_over",
    "hand_over_batch",
    "move_field",
    "records_owned_by",
    "remove_field",
    "restore_field",
]
