"""Setup: roles, and the editor whose changes are reviewed before they are saved."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.audit.models import LogEntry
from crm.fields.record_types import RecordType, record_types
from crm.setup.forms.roles import RoleFactsForm, RoleForm
from crm.setup.grids import Difference, RoleGrids
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import change_role, create_role, delete_role
from crm.users.models import Role, User
from crm.views.loading import person_of

NAMES_SHOWN = 12


@for_administrators
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The editor of the first role."""
    return HttpResponseRedirect(reverse("role", args=[_all_roles(own_organization(request))[0].pk]))


@for_administrators
@require_http_methods(["GET", "POST"])
def new_role(request: HttpRequest) -> HttpResponse:
    """A role that reaches nothing yet."""
    form = RoleForm(request.POST or None)
    user = person_of(request)
    if request.method == "POST" and form.is_valid() and (made := attempt(form, lambda: create_role(by=user, **form.cleaned_data))):
        toast(request, _("Role added"))
        return HttpResponseRedirect(reverse("role", args=[made.pk]))
    context = {"form": form, "roles": _all_roles(own_organization(request)), "title": _("New role")}
    return setup_page(request, "setup/roles/new.html", context, here="role-list", status=422 if form.errors else 200)


@for_administrators
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new role that begins with what this one may."""
    user, like = person_of(request), own_or_404(Role, request, pk)
    form = RoleForm(request.POST or None, initial={"name": _("%(role)s (copy)") % {"role": like}, "description": like.description})
    if (
        request.method == "POST"
        and form.is_valid()
        and (made := attempt(form, lambda: create_role(by=user, like=like, **form.cleaned_data)))
    ):
        toast(request, _("Role added"))
        return HttpResponseRedirect(reverse("role", args=[made.pk]))
    context = {
        "form": form,
        "roles": _all_roles(own_organization(request)),
        "role": like,
        "title": _("Duplicate “%(role)s”") % {"role": like},
    }
    return setup_page(request, "setup/roles/new.html", context, here="role-list", status=422 if form.errors else 200)


@for_administrators
@require_POST
def remove_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a role that nobody has."""
    found = own_or_404(Role, request, pk)
    try:
        delete_role(found, by=person_of(request))
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("role", args=[pk]))
    toast(request, _("Role deleted"))
    return HttpResponseRedirect(reverse("role-list"))


@for_administrators
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """The grids; a POST shows who is affected first, and saves when that was confirmed."""
    user = person_of(request)
    found, all_roles = own_or_404(Role, request, pk), _all_roles(own_organization(request))
    grids = RoleGrids(found, all_roles, _record_type(request), request.POST)
    initial = {name: getattr(found, name) for name in RoleFactsForm.base_fields}
    form = RoleFactsForm(request.POST or None, initial=initial)
    if request.method == "GET" or "edit" in request.POST or not form.is_valid():
        return _editor(request, form, grids)
    if _changed_since(request, grids):
        form.add_error(None, _("Somebody changed these roles in the meantime. Look at what holds now and choose again."))
        return _editor(request, form, RoleGrids(found, all_roles, grids.record_type, {}), status=409)
    if "confirm" not in request.POST:
        return _review(request, form, grids)
    attempt(form, lambda: _save(grids, form.cleaned_data, user))
    if form.errors:
        return _editor(request, form, grids)
    toast(request, _("Role saved"))
    return HttpResponseRedirect(f"{reverse('role', args=[pk])}?type={grids.record_type.key}")


@transaction.atomic
def _save(grids: RoleGrids, facts: dict[str, Any], by: User) -> None:
    """All changed roles, or none."""
    for changed in {grids.role, *grids.changed_roles()}:
        reaches, levels = grids.grids_of(changed)
        change_role(changed, by=by, reaches=reaches, levels=levels, **(facts if changed == grids.role else {}))


def _editor(request: HttpRequest, form: RoleFactsForm, grids: RoleGrids, status: int = 0) -> HttpResponse:
    last = LogEntry.objects.filter(
        organization_id=grids.role.organization_id, content_type=ContentType.objects.get_for_model(Role), object_id=grids.role.pk
    )
    context = {
        "form": form,
        "grids": grids,
        "role": grids.role,
        "roles": grids.roles,
        "record_types": list(record_types),
        "last_change": last.select_related("actor").order_by("-timestamp").first(),
        "effects": _effects(grids),
        "seen": _newest(grids),
    }
    return setup_page(request, "setup/roles/role.html", context, here="role-list", status=status or (422 if form.errors else 200))


def _review(request: HttpRequest, form: RoleFactsForm, grids: RoleGrids) -> HttpResponse:
    """Who gains and who loses what, before anything is saved."""
    changed = {role.pk: role for role in [grids.role, *grids.changed_roles()]}
    people: dict[int, list[User]] = defaultdict(list)
    for person in User.objects.of_organization(grids.role.organization_id).active().filter(role__in=changed).order_by("name"):
        people[person.role_id or 0].append(person)
    by_role: dict[int, list[Difference]] = defaultdict(list)
    for difference in grids.differences():
        by_role[difference.role.pk].append(difference)
    facts = [
        (form.fields[name].label, form.initial[name], form.cleaned_data[name]) for name in form.changed_data if name in form.cleaned_data
    ]
    groups = [
        {
            "role": changed[pk],
            "facts": facts if pk == grids.role.pk else [],
            "gains": [difference for difference in by_role[pk] if difference.gain],
            "losses": [difference for difference in by_role[pk] if not difference.gain],
            "people": people[pk][:NAMES_SHOWN],
            "count": len(people[pk]),
            "others": max(0, len(people[pk]) - NAMES_SHOWN),
        }
        for pk in changed
        if by_role[pk] or (pk == grids.role.pk and facts)
    ]
    context = {
        "form": form,
        "grids": grids,
        "role": grids.role,
        "roles": grids.roles,
        "groups": groups,
        "seen": request.POST.get("seen", ""),
    }
    return setup_page(request, "setup/roles/review.html", context, here="role-list")


def _effects(grids: RoleGrids) -> list[tuple[int, str]]:
    """(how many people, what happens to them) for each pending cell."""
    counts = {role.pk: role.people for role in grids.roles}  # type: ignore[attr-defined]  # annotated in _all_roles
    return [(counts[difference.role.pk], difference.sentence) for difference in grids.differences()]


def _changed_since(request: HttpRequest, grids: RoleGrids) -> bool:
    """Whether somebody saved one of these roles after the page was shown."""
    seen = parse_datetime(request.POST.get("seen", "")) if request.POST.get("seen") else None
    return seen is None or any(role.updated_at > seen for role in [grids.role, *grids.changed_roles()])


def _newest(grids: RoleGrids) -> str:
    newest: datetime = max(role.updated_at for role in grids.roles)
    return newest.isoformat()


def _all_roles(organization_id: int) -> list[Role]:
    """The organization's roles with how many active people have them; administrators first."""
    counted = Role.objects.filter(organization_id=organization_id).annotate(people=Count("users", filter=Q(users__is_active=True)))
    return list(counted.order_by("-is_administrator", "name"))


def _record_type(request: HttpRequest) -> RecordType:
    """Whose fields are shown."""
    key = request.POST.get("type") or request.GET.get("type") or next(iter(record_types)).key
    found = record_types.get(key)
    if found is None:
        raise Http404
    return found
