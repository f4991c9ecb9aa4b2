# ruff: noqa: F401
"""The workshop with everything that is registered in it: each room's admin.py, named here and nowhere found by itself."""

import crm.activities.admin
import crm.bulk.admin
import crm.exports.admin
import crm.imports.admin
import crm.mail.admin
import crm.notifications.admin
import crm.setup.admin
import customers.admin
import sales.admin
from crm.admin.site import site

__all__ = ["site"]
