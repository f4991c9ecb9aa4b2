"""What an organization has added: fields of its own, to read; and keys of the API, which administrators take back."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from crm.admin.base import TenantAdmin, Tool, Verb
from crm.admin.site import site
from crm.api.actions.tokens import revoke_token
from crm.api.models import ApiRequest, ApiToken
from crm.fields.models import CustomField
from crm.setup.admin.people import setup_page
from crm.users.models import User


class CustomFieldAdmin(TenantAdmin):
    """Added and changed where the effects are told: in Setup. Their values stand in the forms of the records."""

    icon = "forms"
    ordering: ClassVar[Any] = ("record_type",)
    list_display = ("label", "record_type", "name", "kind", "required", "unique", "filterable", "removed_at")
    facts_of = (
        "label", "record_type", "name", "kind", "help", "section", "required", "unique", "filterable", "searchable", "minimum", "maximum",
        "pattern", "indexed_at", "removed_at",
    )  # fmt: skip

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return [*setup_page("field", obj, user), *super().tools(obj, user)]


class ApiTokenAdmin(TenantAdmin):
    """Nobody reads a key after it was made, not even its hash; whoever it belongs to keeps it on their own page."""

    icon = "key"
    list_display = ("name", "person", "hint", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    facts_of = ("name", "person", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    verbs = (Verb("revoke", gettext_lazy("Revoke"), lambda token, by: revoke_token(token, by=by), lambda token: token.revoked_at is None),)


class ApiRequestAdmin(TenantAdmin):
    icon = "api"
    list_display = ("at", "token", "method", "path", "status", "duration_ms")
    list_select_related = ("token",)
    facts_of = ("at", "token", "method", "path", "status", "duration_ms")


site.register(CustomField, CustomFieldAdmin)
site.register(ApiToken, ApiTokenAdmin)
site.register(ApiRequest, ApiRequestAdmin)
