from crm.setup.actions.hand_over import BATCH, hand_over, hand_over_batch, records_owned_by

__all__ = ["BATCH", "hand_over", "hand_over_batch", "records_owned_by"]
