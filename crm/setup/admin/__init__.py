"""What administrators keep, what is logged, and the operator's own tables, in the workshop."""

from crm.setup.admin import added, logs, operators, people

__all__ = ["added", "logs", "operators", "people"]
