"""Setup: teams as a tree."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.setup.forms.teams import ChangedTeamForm, TeamForm
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import change_team, create_team, delete_team
from crm.users.models import Team, User
from crm.views.loading import person_of


@dataclass(frozen=True)
class Branch:
    """One team in the tree, with how many active people it has; `depth` counts from 0."""

    team: Team
    depth: int
    people: int

    @property
    def indents(self) -> range:
        return range(self.depth)


def tree_of(organization_id: int) -> list[Branch]:
    """All teams, each below the one that it is part of, by name. One statement."""
    counted = Team.objects.filter(organization_id=organization_id).annotate(people=Count("users", filter=Q(users__is_active=True)))
    below: dict[int | None, list[Team]] = {}
    for team in counted.order_by("name"):
        below.setdefault(team.parent_id, []).append(team)
    branches: list[Branch] = []

    def grow(parent: int | None, depth: int) -> None:
        for team in below.get(parent, []):
            branches.append(Branch(team, depth, team.people))  # type: ignore[attr-defined]  # annotated above
            grow(team.pk, depth + 1)

    grow(None, 0)
    return branches


@for_administrators
@require_http_methods(["GET", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """The tree, and a new team."""
    user = person_of(request)
    form = TeamForm(request.POST or None, organization_id=own_organization(request), initial={"parent": request.GET.get("parent", "")})
    organization = user.organization
    if request.method == "POST" and form.is_valid() and organization is not None:
        facts = form.cleaned_data
        if attempt(form, lambda: create_team(facts["name"], organization=organization, parent=facts["parent"], by=user)):
            toast(request, _("Team added"))
            return HttpResponseRedirect(reverse("team-list"))
    context = {"form": form, "branches": tree_of(own_organization(request))}
    return setup_page(request, "setup/teams/list.html", context, here="team-list", status=422 if form.errors else 200)


@for_administrators
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move or delete a team; its people."""
    user, found = person_of(request), own_or_404(Team, request, pk)
    initial = {"name": found.name, "parent": found.parent}
    form = ChangedTeamForm(request.POST or None, initial=initial, organization_id=own_organization(request), team=found)
    if request.method == "POST" and (done := _change(form, found, user, delete="delete" in request.POST)):
        toast(request, done)
        return HttpResponseRedirect(reverse("team-list"))
    context = {
        "form": form,
        "team": own_or_404(Team, request, pk),
        "people": User.objects.of_organization(own_organization(request))
        .filter(team=found)
        .select_related("role")
        .order_by("-is_active", "name"),
        "children": found.children.order_by("name"),
    }
    return setup_page(request, "setup/teams/team.html", context, here="team-list", status=422 if form.errors else 200)


def _change(form: ChangedTeamForm, team: Team, by: User, *, delete: bool) -> str:
    """What was done, in words; empty where the form has errors now."""
    if not form.is_valid():
        return ""
    if delete:
        attempt(form, lambda: delete_team(team, by=by))
        return "" if form.errors else _("Team deleted")
    return _("Team changed") if attempt(form, lambda: change_team(team, by=by, **form.touched)) else ""
