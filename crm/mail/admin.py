"""Mails that have not gone out, as administrators read them: without the links and codes that open an account."""

from typing import Any, ClassVar

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.admin.attempts import in_words
from crm.admin.base import Fact, TenantAdmin
from crm.admin.site import site
from crm.mail.blanking import blank
from crm.mail.models import HeldMail
from crm.users.models import User


class HeldMailAdmin(TenantAdmin):
    """To read: mails are sent again and deleted in Setup, by who may."""

    icon = "mailbox"
    list_display = ("what", "to", "state", "attempts", "held_at", "due_at")
    ordering: ClassVar[Any] = ("-held_at",)
    facts_of = ("sender", "state", "attempts", "held_at", "due_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("raw", "html", "body")

    @display(description=_("Subject"))
    def what(self, mail: HeldMail) -> str:
        return blank(mail.subject)

    @display(description=_("To"))
    def to(self, mail: HeldMail) -> str:
        return ", ".join(mail.recipients)

    def title(self, obj: Any) -> str:
        return self.what(obj)

    def facts(self, obj: Any, user: User) -> list[Fact]:
        said = [Fact(str(_("Subject")), self.what(obj)), Fact(str(_("To")), self.to(obj))]
        return [*said, *super().facts(obj, user), Fact(str(_("What the mail server said")), in_words(blank(obj.error)))]


site.register(HeldMail, HeldMailAdmin)
