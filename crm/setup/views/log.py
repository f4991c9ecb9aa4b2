"""Setup: who signed in, and who changed what in Setup."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from crm.setup.changes import KINDS, changes_of, in_words
from crm.setup.views.pages import for_administrators, own_organization, setup_page
from crm.users.models import Outcome, SignIn

SIZE = 100
FAILED = [Outcome.WRONG_PASSWORD, Outcome.LOCKED_OUT, Outcome.SECOND_FACTOR_FAILED, Outcome.SWITCHED_OFF]


@for_administrators
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The organization's sign-ins, newest first; `failed=1` those that failed, `kind` one outcome, `q` a person or an address."""
    rows = SignIn.objects.of_organization(own_organization(request)).select_related("user")
    failed = request.GET.get("failed") == "1"
    if failed:
        rows = rows.filter(outcome__in=FAILED)
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    if q:
        rows = rows.filter(Q(user__name__icontains=q) | Q(email__icontains=q) | Q(address__startswith=q))
    if kind in Outcome.values:
        rows = rows.filter(outcome=kind)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", ""))
    context = {"page": page, "failed": failed, "q": q, "kind": kind if kind in Outcome.values else "", "outcomes": Outcome.choices}
    return setup_page(request, "setup/sign_ins.html", context, here="sign-in-list")


@for_administrators
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What administrators changed, newest first, from what to what; `kind` narrows."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = Paginator(changes_of(own_organization(request), kind), SIZE).get_page(request.GET.get("page", ""))
    context = {"page": page, "lines": [in_words(entry) for entry in page], "kind": kind, "kinds": KINDS}
    return setup_page(request, "setup/changes.html", context, here="setup-changes")
