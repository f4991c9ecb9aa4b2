"""What administrators keep, what is logged, and the operator's own tables, in the workshop."""

from crm.admin.site import site
from crm.setup.admin import added, logs, operators, people
from crm.setup.admin.health import what_waits

site.what_waits = what_waits

__all__ = ["added", "logs", "operators", "people"]
