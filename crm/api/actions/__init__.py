from crm.api.actions.forget import forget_old
from crm.api.actions.tokens import create_token, revoke_token

__all__ = ["create_token", "forget_old", "revoke_token"]
