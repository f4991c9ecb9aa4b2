"""Mails that were held because no mail server is set."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.mail.blanking import blank
from crm.mail.models import HeldMail
from crm.mail.outgoing import mails_are_held
from crm.setup.views.pages import for_administrators, own_organization, setup_page

SIZE = 50


@dataclass(frozen=True)
class ReadableMail:
    """A held mail as one may read it."""

    to: str
    subject: str
    body: str
    attachments: list[str]
    held_at: datetime


@for_administrators
@require_safe
def held_mail(request: HttpRequest) -> HttpResponse:
    """The organization's mails, links and codes blanked."""
    mails = HeldMail.objects.filter(organization_id=own_organization(request))
    page = Paginator(mails, SIZE).get_page(request.GET.get("page", ""))
    return setup_page(request, "setup/mail.html", {**_context(page, full=False)}, here="held-mail-list")


@login_required
@require_safe
def operators_mail(request: HttpRequest) -> HttpResponse:
    """All mails in full, for the operator of the installation."""
    if not request.user.is_superuser:
        raise PermissionDenied(_("Only the operator of this installation reads the mails of all organizations."))
    page = Paginator(HeldMail.objects.all(), SIZE).get_page(request.GET.get("page", ""))
    return render(request, "setup/operator_mail.html", _context(page, full=True))


def _context(page: Page[HeldMail], *, full: bool) -> dict[str, object]:
    return {"page": page, "mails": [_readable(mail, full=full) for mail in page], "held": mails_are_held(), "full": full}


def _readable(mail: HeldMail, *, full: bool) -> ReadableMail:
    subject, body = (mail.subject, mail.body) if full else (blank(mail.subject), blank(mail.body))
    return ReadableMail(", ".join(mail.recipients), subject, body, mail.attachments, mail.held_at)
