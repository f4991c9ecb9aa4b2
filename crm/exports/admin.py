"""Exports, to read: who took which list out, when. The file is its maker's alone."""

from crm.admin.base import TenantAdmin
from crm.admin.site import site
from crm.exports.models import Export


class ExportAdmin(TenantAdmin):
    icon = "file-export"
    list_display = ("record_type", "person", "format", "rows", "created_at", "ready_at")
    list_select_related = ("person",)
    facts_of = ("record_type", "person", "format", "words", "rows", "size", "created_at", "ready_at")


site.register(Export, ExportAdmin)
