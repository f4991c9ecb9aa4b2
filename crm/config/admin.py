"""The workshop with everything that is registered in it: each room's admin.py, named here and nowhere found by itself."""

import customers.admin  # noqa: F401
from crm.admin.site import site

__all__ = ["site"]
