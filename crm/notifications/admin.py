"""What people were told, to read: it follows from what happens, and is settled by who it is for."""

from crm.admin.base import TenantAdmin
from crm.admin.site import site
from crm.notifications.models import Following, Notification, NotificationMail, Preference


class NotificationAdmin(TenantAdmin):
    icon = "bell"
    list_display = ("person", "kind", "record_type", "record_id", "at", "read_at")
    list_select_related = ("person",)
    facts_of = ("person", "kind", "actor", "record_type", "record_id", "at", "read_at")


class NotificationMailAdmin(TenantAdmin):
    icon = "mail"
    list_display = ("notification", "state", "changed_at", "attempts", "error")
    list_select_related = ("notification",)
    facts_of = ("notification", "state", "changed_at", "attempts", "error")


class FollowingAdmin(TenantAdmin):
    icon = "eye"
    list_display = ("person", "record_type", "record_id", "since")
    list_select_related = ("person",)
    facts_of = ("person", "record_type", "record_id", "since")


class PreferenceAdmin(TenantAdmin):
    icon = "adjustments"
    list_display = ("person", "digest_hour")
    list_select_related = ("person",)
    facts_of = ("person", "channels", "digest_hour", "digest_on")


site.register(Notification, NotificationAdmin)
site.register(NotificationMail, NotificationMailAdmin)
site.register(Following, FollowingAdmin)
site.register(Preference, PreferenceAdmin)
