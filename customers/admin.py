"""Customers and contacts in the workshop."""

from crm.admin.records import RecordAdmin
from crm.admin.site import site
from customers.models import Contact, Customer

site.register(Customer, RecordAdmin)
site.register(Contact, RecordAdmin)
