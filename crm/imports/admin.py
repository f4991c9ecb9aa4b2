"""Imports, to read: each has a page of its own, where it is checked, carried out and undone."""

from typing import Any

from django.utils.translation import gettext as _

from crm.admin.base import TenantAdmin, Tool
from crm.admin.site import site
from crm.imports.models import Import, ImportMapping
from crm.users.models import User


class ImportAdmin(TenantAdmin):
    icon = "file-import"
    list_display = ("file_name", "record_type", "person", "stage", "rows", "created_at", "imported_at")
    list_select_related = ("person",)
    facts_of = ("file_name", "record_type", "person", "owner", "stage", "mode", "rows", "size", "created_at", "imported_at")

    def tools(self, obj: Any, user: User) -> list[Tool]:
        page = [] if user.is_superuser else [Tool(_("Open the page"), obj.get_absolute_url(), "external-link")]
        return [*page, *super().tools(obj, user)]


class ImportMappingAdmin(TenantAdmin):
    icon = "columns-2"
    list_display = ("person", "record_type", "used_at")
    list_select_related = ("person",)
    facts_of = ("person", "record_type", "used_at", "match")


site.register(Import, ImportAdmin)
site.register(ImportMapping, ImportMappingAdmin)
