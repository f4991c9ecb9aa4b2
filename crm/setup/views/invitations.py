"""Setup: inviting people."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.mail.models import HeldMail
from crm.mail.outgoing import mails_are_held, send_mail
from crm.setup.forms.people import InviteForm
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import invite_person, renew_invitation, revoke_invitation
from crm.users.models import Invitation, Role, User
from crm.views.loading import person_of

logger = logging.getLogger(__name__)


@for_administrators
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Address, role, team. The next page shows the link to copy."""
    user = person_of(request)
    rep = Role.objects.filter(organization_id=own_organization(request), key="sales-rep").first()
    form = InviteForm(request.POST or None, organization_id=own_organization(request), initial={"role": rep})
    if request.method == "POST" and form.is_valid():
        invitation = attempt(form, lambda: invite_person(by=user, **form.cleaned_data))
        if invitation is not None:
            send_invitation(request, invitation, user)
            return HttpResponseRedirect(reverse("invitation", args=[invitation.pk]))
    return setup_page(request, "setup/people/invite.html", {"form": form}, here="person-list", status=422 if form.errors else 200)


@for_administrators
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One open invitation with its link."""
    found = own_or_404(Invitation, request, pk)
    link = request.build_absolute_uri(reverse("join", args=[found.key]))
    context = {"invitation": found, "link": link, "held": mails_are_held(), "mail": mail_to(found)}
    return setup_page(request, "setup/people/invitation.html", context, here="person-list")


@for_administrators
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = person_of(request), own_or_404(Invitation, request, pk)
    renew_invitation(found, by=user)
    send_invitation(request, found, user)
    return HttpResponseRedirect(reverse("invitation", args=[pk]))


@for_administrators
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_or_404(Invitation, request, pk)
    revoke_invitation(found, by=person_of(request))
    toast(request, _("Invitation withdrawn"))
    return HttpResponseRedirect(f"{reverse('person-list')}?tab=invited")


def mail_to(invitation: Invitation) -> HeldMail | None:
    """The mail to this address that has not gone out, where the server refused it or is out of reach."""
    mails = HeldMail.objects.defer("raw").filter(organization_id=invitation.organization_id, recipients__contains=[invitation.email])
    return mails.filter(held_at__gte=invitation.sent_at).exclude(error="").first()


def send_invitation(request: HttpRequest, invitation: Invitation, by: User) -> None:
    """The invitation stands even where the mail server fails: its link can be copied."""
    if by.organization is None:
        return
    link = f"{settings.BASE_URL}{reverse('join', args=[invitation.key])}"
    try:
        send_mail("invitation", invitation.email, {"invitation": invitation, "link": link}, organization=by.organization)
    except OSError:
        logger.exception("invitation not sent", extra={"invitation": invitation.pk})
        toast(request, _("The mail could not be sent. Copy the link."))
    else:
        toast(request, _("The invitation is on its way") if not mails_are_held() else _("Invitation ready"))
