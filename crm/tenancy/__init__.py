"""One organization never sees another's rows: the tenant of a transaction, and the policy that enforces it."""
