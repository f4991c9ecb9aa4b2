from crm.setup.actions.hand_over import hand_over, records_owned_by

__all__ = ["hand_over", "records_owned_by"]
