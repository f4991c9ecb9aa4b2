"""Setup: who signed in, and who changed what in Setup."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.audit.models import LogEntry
from crm.setup.views.pages import for_administrators, own_organization, setup_page
from crm.users.models import Outcome, SignIn

SIZE = 100
FAILED = [Outcome.WRONG_PASSWORD, Outcome.LOCKED_OUT, Outcome.SECOND_FACTOR_FAILED, Outcome.SWITCHED_OFF]
VERBS = {
    "organization.created": _("began the organization"),
    "organization.changed": _("changed the settings of"),
    "person.invited": _("invited"),
    "person.invited_again": _("sent the invitation again to"),
    "person.invitation_revoked": _("withdrew the invitation of"),
    "person.joined": _("joined as"),
    "person.changed": _("changed"),
    "person.deactivated": _("deactivated"),
    "person.reactivated": _("reactivated"),
    "person.second_factor_reset": _("reset the second factor of"),
    "person.handed_over": _("handed over the records of"),
    "role.created": _("made the role"),
    "role.changed": _("changed the role"),
    "role.deleted": _("deleted the role"),
    "team.created": _("made the team"),
    "team.renamed": _("renamed the team"),
    "team.moved": _("moved the team"),
    "team.deleted": _("deleted the team"),
}


@for_administrators
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The organization's sign-ins, newest first; `failed=1` those that failed."""
    rows = SignIn.objects.of_organization(own_organization(request)).select_related("user")
    failed = request.GET.get("failed") == "1"
    if failed:
        rows = rows.filter(outcome__in=FAILED)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", ""))
    return setup_page(request, "setup/sign_ins.html", {"page": page, "failed": failed}, here="sign-in-list")


@for_administrators
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What administrators changed, newest first, from what to what."""
    of_setup = Q(content_type__app_label="users") | Q(content_type__app_label="tenancy")
    entries = LogEntry.objects.filter(of_setup, organization_id=own_organization(request)).select_related("actor")
    page = Paginator(entries.order_by("-timestamp", "-pk"), SIZE).get_page(request.GET.get("page", ""))
    rows = [(entry, VERBS.get(entry.verb, entry.verb), _words(entry)) for entry in page]
    return setup_page(request, "setup/changes.html", {"page": page, "rows": rows}, here="setup-changes")


def _words(entry: LogEntry) -> list[tuple[str, str, str]]:
    """(what, from, to) of each change, as text."""
    return [(key.replace("_", " "), _text(old), _text(new)) for key, (old, new) in (entry.changes or {}).items()]


def _text(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return "—" if value in (None, "") else str(value)
