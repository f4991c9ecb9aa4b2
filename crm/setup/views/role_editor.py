"""Setup: the editor of a role, whose changes are reviewed before they are saved."""

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.audit.models import LogEntry
from crm.fields.record_types import RecordType, record_types
from crm.setup.changes import in_words
from crm.setup.effects import review_groups
from crm.setup.forms.roles import RoleFactsForm
from crm.setup.grids import RoleGrids
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import change_role
from crm.users.actions.roles import FACTS
from crm.users.models import Role, User
from crm.views.loading import person_of


@for_administrators
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """The grids; a POST shows who is affected first, and saves when that was confirmed. `effects` asks for the banner alone."""
    found, all_roles = own_or_404(Role, request, pk), roles_with_people(own_organization(request))
    grids = RoleGrids(found, all_roles, _record_type(request), _chosen(request.POST))
    initial = {name: getattr(found, name) for name in FACTS}
    form = RoleFactsForm(request.POST or None, initial=initial)
    if "effects" in request.POST:
        return render(request, "setup/roles/effects.html", {"effects": _effects(grids)})
    if request.method == "GET" or "edit" in request.POST or not form.is_valid():
        return _editor(request, form, grids)
    if "confirm" not in request.POST and not _changed_since(request.POST, grids):
        return _review(request, form, grids)
    by = person_of(request)
    saved = attempt(form, lambda: _save(request.POST, grids, form.touched, by))
    if form.errors:
        return _editor(request, form, grids)
    if not saved:
        return _conflict(request, form, grids)
    toast(request, _("Role saved"))
    return HttpResponseRedirect(f"{reverse('role', args=[pk])}?type={grids.record_type.key}")


def roles_with_people(organization_id: int) -> list[Role]:
    """The organization's roles with how many active people have them (`people`); administrators first."""
    counted = Role.objects.filter(organization_id=organization_id).annotate(people=Count("users", filter=Q(users__is_active=True)))
    return list(counted.order_by("-is_administrator", "name"))


@transaction.atomic
def _save(sent: Mapping[str, str], grids: RoleGrids, facts: dict[str, Any], by: User) -> bool:
    """All changed roles, or none: False where somebody else saved one of them since the page was shown."""
    changed = [grids.role, *grids.changed_roles()]
    locked = list(Role.objects.select_for_update().filter(pk__in=[role.pk for role in changed]).order_by("pk"))
    if any(_version(role) not in sent.get("seen", "").split(";") for role in locked):
        return False
    for role in locked:
        reaches, levels = grids.grids_of(role)
        change_role(role, by=by, reaches=reaches, levels=levels, **(facts if role == grids.role else {}))
    return True


def _editor(request: HttpRequest, form: RoleFactsForm, grids: RoleGrids, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "grids": grids,
        "role": grids.role,
        "roles": grids.roles,
        "record_types": list(record_types),
        "last_change": _log_of([grids.role]).select_related("actor").order_by("-timestamp").first(),
        "effects": _effects(grids),
        "seen": _seen(grids),
        **more,
    }
    status = 409 if "others" in more else 422 if form.errors else 200
    return setup_page(request, "setup/roles/role.html", context, here="role-list", status=status)


def _review(request: HttpRequest, form: RoleFactsForm, grids: RoleGrids) -> HttpResponse:
    """Who gains and who loses what, before anything is saved."""
    facts = [(form.fields[name].label, form.initial[name], new) for name, new in form.touched.items() if new != form.initial[name]]
    context = {
        "form": form,
        "grids": grids,
        "role": grids.role,
        "roles": grids.roles,
        "groups": review_groups(grids, facts),
        "seen": request.POST.get("seen", ""),
    }
    return setup_page(request, "setup/roles/review.html", context, here="role-list")


def _conflict(request: HttpRequest, form: RoleFactsForm, grids: RoleGrids) -> HttpResponse:
    """What somebody else changed holds and is told, with the own choice to take instead; what was chosen beside that stays chosen, and
    is not saved yet.
    """
    newest = request.POST.get("seen", "").split(";")[0]
    log = _log_of([grids.role, *grids.changed_roles()]).filter(pk__gt=int(newest) if newest.isdecimal() else 0)
    others = list(log.select_related("actor", "content_type").order_by("-pk")[:10])
    were = {f"{one.object_id}:{key.replace('.', ':')}": old for one in others for key, (old, _new) in (one.changes or {}).items()}
    chosen = {name: value for name, value in grids.chosen.items() if name.partition(":")[2] not in were}
    kept = RoleGrids(grids.role, grids.roles, grids.record_type, chosen)
    mine = [one for one in grids.differences() if grids.pending[one.name] != were.get(one.name.partition(":")[2], grids.pending[one.name])]
    return _editor(request, form, kept, others=[in_words(one) for one in others], mine=mine)


def _chosen(sent: QueryDict) -> dict[str, str]:
    """The cells as they were sent; after a conflict, with the own choice where the person wants it all the same."""
    own = (choice.partition("=") for choice in sent.getlist("mine"))
    return {name: str(value) for name, value in sent.items()} | {name: value for name, _is, value in own}


def _effects(grids: RoleGrids) -> list[tuple[int, str]]:
    """(how many people, what happens to them) for each pending cell."""
    counts = {role.pk: role.people for role in grids.roles}  # type: ignore[attr-defined]  # annotated in roles_with_people
    return [(counts[difference.role.pk], difference.sentence) for difference in grids.differences()]


def _changed_since(sent: Mapping[str, str], grids: RoleGrids) -> bool:
    """Whether somebody saved one of these roles after the page was shown."""
    seen = sent.get("seen", "").split(";")
    return any(_version(role) not in seen for role in [grids.role, *grids.changed_roles()])


def _seen(grids: RoleGrids) -> str:
    """What this page was made of: the newest line in the log of roles, and the version of each."""
    newest = _log_of(grids.roles).aggregate(newest=Max("pk"))["newest"] or 0
    return ";".join([str(newest), *(_version(role) for role in grids.roles)])


def _version(role: Role) -> str:
    return f"{role.pk}@{role.updated_at.timestamp():.6f}"


def _log_of(roles: list[Role]) -> QuerySet[LogEntry]:
    of_roles = LogEntry.objects.filter(organization_id=roles[0].organization_id, content_type=ContentType.objects.get_for_model(Role))
    return of_roles.filter(object_id__in=[role.pk for role in roles])


def _record_type(request: HttpRequest) -> RecordType:
    """Whose fields are shown."""
    key = request.POST.get("type") or request.GET.get("type") or next(iter(record_types)).key
    found = record_types.get(key)
    if found is None:
        raise Http404
    return found
