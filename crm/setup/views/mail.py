"""Mails that have not gone out: held because no mail server is set, waiting, or refused."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.mail.blanking import blank, text_of
from crm.mail.models import HeldMail, MailState
from crm.mail.outgoing import mails_are_held
from crm.mail.sending import send_again
from crm.setup.views.pages import for_administrators, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import require_administrator
from crm.views.loading import person_of

SIZE = 50
HUES = {MailState.FAILED: "red", MailState.UNKNOWN: "amber", MailState.HELD: "grey"}


@dataclass(frozen=True)
class ReadableMail:
    """A mail as one may read it. `html` is the text of its HTML part, where that says something else."""

    row: HeldMail
    to: str
    subject: str
    body: str
    html: str
    attachments: list[str]
    error: str
    can_be_sent: bool

    @property
    def hue(self) -> str:
        return HUES.get(MailState(self.row.state), "blue")


@for_administrators
@require_safe
def held_mail(request: HttpRequest) -> HttpResponse:
    """The organization's mails, links and codes blanked."""
    mails = HeldMail.objects.defer("raw").filter(organization_id=own_organization(request))
    page = Paginator(mails, SIZE).get_page(request.GET.get("page", ""))
    return setup_page(request, "setup/mail.html", {**_context(page, full=False)}, here="held-mail-list")


@login_required
@require_safe
def operators_mail(request: HttpRequest) -> HttpResponse:
    """All mails in full, for the operator of the installation."""
    if not request.user.is_superuser:
        raise PermissionDenied(_("Only the operator of this installation reads the mails of all organizations."))
    page = Paginator(HeldMail.objects.defer("raw"), SIZE).get_page(request.GET.get("page", ""))
    return render(request, "setup/operator_mail.html", _context(page, full=True))


@login_required
@require_POST
def send_mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Due at once, whatever happened before."""
    mail, back = _own_mail(request, pk)
    if mails_are_held() or mail.state == MailState.SENDING:
        toast(request, _("No mail server is set. The operator sets EMAIL_URL.") if mails_are_held() else _("It is being sent right now."))
    else:
        send_again(mail)
        toast(request, _("The mail is on its way"))
    return HttpResponseRedirect(back)


@login_required
@require_POST
def delete_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not sent any more."""
    mail, back = _own_mail(request, pk)
    mail.delete()
    toast(request, _("Mail deleted"))
    return HttpResponseRedirect(back)


def _own_mail(request: HttpRequest, pk: int) -> tuple[HeldMail, str]:
    """The mail and the page that it is on: the operator has all, an administrator those of the own organization."""
    user = person_of(request)
    mails = HeldMail.objects.defer("raw")
    if not user.is_superuser:
        require_administrator(user)
        mails = mails.filter(organization_id=own_organization(request))
    found = mails.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found, reverse("operator-mail" if user.is_superuser else "held-mail-list")


def _context(page: Page[HeldMail], *, full: bool) -> dict[str, object]:
    return {"page": page, "mails": [_readable(mail, full=full) for mail in page], "held": mails_are_held(), "full": full}


def _readable(mail: HeldMail, *, full: bool) -> ReadableMail:
    shown = str if full else blank
    words = text_of(mail.html)
    can_be_sent = not mails_are_held() and mail.state in {MailState.HELD, MailState.FAILED, MailState.UNKNOWN}
    return ReadableMail(
        row=mail,
        to=", ".join(mail.recipients),
        subject=shown(mail.subject),
        body=shown(mail.body or words),
        html=(mail.html if full else shown(words)) if mail.html and mail.body and words.split() != mail.body.split() else "",
        attachments=[shown(name) for name in mail.attachments],
        error=shown(mail.error),
        can_be_sent=can_be_sent,
    )
