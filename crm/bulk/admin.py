"""Changes of many, to read: who changed what at once. Taking one back is its maker's, on its page."""

from crm.admin.base import TenantAdmin
from crm.admin.site import site
from crm.bulk.models import BulkChange


class BulkChangeAdmin(TenantAdmin):
    icon = "checkbox"
    list_display = ("record_type", "kind", "person", "what", "stage", "created_at")
    list_select_related = ("person",)
    facts_of = ("record_type", "kind", "person", "what", "words", "stage", "created_at", "finished_at")


site.register(BulkChange, BulkChangeAdmin)
