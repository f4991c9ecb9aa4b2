"""People, teams, roles, invitations and the organization in the workshop: the forms and actions of Setup."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.admin.base import Fact, TenantAdmin, Tool, Verb
from crm.admin.site import site
from crm.fields.record_types import record_types
from crm.setup.forms.organizations import OrganizationForm, SettingsForm
from crm.setup.forms.people import InviteForm, PersonForm
from crm.setup.forms.roles import RoleFactsForm, RoleForm
from crm.setup.forms.teams import ChangedTeamForm, TeamForm
from crm.setup.views.invitations import send_invitation
from crm.tenancy.models import Organization
from crm.users.actions import (
    change_organization,
    change_person,
    change_role,
    change_team,
    create_role,
    create_team,
    deactivate_person,
    delete_role,
    delete_team,
    invite_person,
    reactivate_person,
    reset_second_factor,
    revoke_invitation,
)
from crm.users.models import Invitation, Reach, Role, Team, User
from crm.users.models import Verb as Right
from crm.views.loading import person_of


def setup_page(url_name: str, obj: Any, user: User) -> list[Tool]:
    """The link to the page of Setup; the operator, who is at home in no Setup, has none."""
    return [] if user.is_superuser else [Tool(_("Open in Setup"), reverse(url_name, args=[obj.pk]), "external-link")]


class PersonAdmin(TenantAdmin):
    """New people are invited. Records of who leaves are handed over in Setup."""

    icon = "users"
    changes = True
    ordering: ClassVar[Any] = ("name",)
    list_display = ("name", "email", "role", "team", "is_active", "last_login")
    sorts = ("name", "email", "last_login")
    list_select_related = ("role", "team")
    search_fields = ("name", "email")
    facts_of = ("email", "is_active", "last_login", "date_joined", "time_zone", "language", "theme")
    verbs = (
        Verb(
            "deactivate", gettext_lazy("Deactivate"), lambda person, by: deactivate_person(person, by=by), lambda person: person.is_active
        ),
        Verb(
            "reactivate",
            gettext_lazy("Reactivate"),
            lambda person, by: reactivate_person(person, by=by),
            lambda person: not person.is_active,
        ),
        Verb("second-factor", gettext_lazy("Reset the second factor"), lambda person, by: reset_second_factor(person, by=by)),
    )

    def form_of(self, request: HttpRequest, obj: Any) -> PersonForm:
        initial = {"name": obj.name, "role": obj.role, "team": obj.team}
        return PersonForm(request.POST or None, initial=initial, organization_id=person_of(request).own_organization_id)

    def change(self, request: HttpRequest, obj: Any, form: PersonForm) -> User:
        return change_person(obj, by=person_of(request), **form.touched)

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return [*setup_page("person", obj, user), *super().tools(obj, user)]


class InvitationAdmin(TenantAdmin):
    """The link of an invitation stands on its page in Setup, not here."""

    icon = "user-plus"
    adds = True
    sorts = ("email", "sent_at")
    list_display = ("email", "role", "team", "invited_by", "sent_at", "expires_at", "accepted_at", "revoked_at")
    list_select_related = ("role", "team", "invited_by")
    facts_of = ("email", "role", "team", "invited_by", "sent_at", "expires_at", "accepted_at", "revoked_at")
    verbs = (
        Verb(
            "withdraw",
            gettext_lazy("Withdraw"),
            lambda invitation, by: revoke_invitation(invitation, by=by),
            lambda invitation: not invitation.accepted_at and not invitation.revoked_at,
        ),
    )

    def form_of(self, request: HttpRequest, obj: Any) -> InviteForm:
        return InviteForm(request.POST or None, organization_id=person_of(request).own_organization_id)

    def add(self, request: HttpRequest, form: InviteForm) -> Invitation:
        by = person_of(request)
        invitation = invite_person(by=by, **form.cleaned_data)
        send_invitation(request, invitation, by)
        return invitation

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return [*setup_page("invitation", obj, user), *super().tools(obj, user)]


class TeamAdmin(TenantAdmin):
    icon = "hierarchy"
    adds = changes = removes = True
    ordering: ClassVar[Any] = ("name",)
    list_display, sorts = ("name", "parent"), ("name",)
    list_select_related = ("parent",)
    search_fields = ("name",)

    def form_of(self, request: HttpRequest, obj: Any) -> TeamForm:
        organization = person_of(request).own_organization_id
        if obj is None:
            return TeamForm(request.POST or None, organization_id=organization)
        initial = {"name": obj.name, "parent": obj.parent}
        return ChangedTeamForm(request.POST or None, initial=initial, organization_id=organization, team=obj)

    def add(self, request: HttpRequest, form: TeamForm) -> Team:
        by = person_of(request)
        return create_team(form.cleaned_data["name"], organization=by.own_organization, parent=form.cleaned_data["parent"], by=by)

    def change(self, request: HttpRequest, obj: Any, form: ChangedTeamForm) -> Team:
        return change_team(obj, by=person_of(request), **form.touched)

    def remove(self, obj: Any, by: User) -> None:
        delete_team(obj, by=by)

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return [*setup_page("team", obj, user), *super().tools(obj, user)]


class RoleAdmin(TenantAdmin):
    """What a role is called; its rights are set in the editor of Setup, which says whom they concern."""

    icon = "shield-lock"
    adds = changes = removes = True
    ordering: ClassVar[Any] = ("name",)
    sorts = ("name",)
    list_display = ("name", "is_administrator", "requires_second_factor", "description")
    search_fields = ("name",)
    facts_of = ("key", "is_administrator", "updated_at")

    def form_of(self, request: HttpRequest, obj: Any) -> RoleForm:
        if obj is None:
            return RoleForm(request.POST or None)
        return RoleFactsForm(
            request.POST or None, initial={name: getattr(obj, name) for name in RoleFactsForm.base_fields if name != "shown"}
        )

    def add(self, request: HttpRequest, form: RoleForm) -> Role:
        return create_role(by=person_of(request), **form.cleaned_data)

    def change(self, request: HttpRequest, obj: Any, form: RoleFactsForm) -> Role:
        return change_role(obj, by=person_of(request), **form.touched)

    def remove(self, obj: Any, by: User) -> None:
        delete_role(obj, by=by)

    def facts(self, obj: Any, user: User) -> list[Fact]:
        rights = [Fact(capfirst(str(kind.label_plural)), _rights(obj, kind.key)) for kind in record_types]
        return [*super().facts(obj, user), *rights]

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return [*setup_page("role", obj, user), *super().tools(obj, user)]


class OrganizationAdmin(TenantAdmin):
    """The own one with its settings; the operator, before one is chosen, reads all of them."""

    icon = "building"
    changes = of_all = True
    ordering: ClassVar[Any] = ("name",)
    sorts = ("name", "slug", "created_at")
    list_display = ("name", "slug", "country", "currency", "is_demo", "created_at")
    search_fields = ("name", "slug")
    facts_of = ("slug", "is_demo", "created_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request) or person_of(request).is_superuser

    def get_queryset(self, request: HttpRequest) -> Any:
        person = person_of(request)
        if person.organization_id is None and person.is_superuser:
            return Organization.objects.order_by(*self.ordering)
        return Organization.objects.filter(pk=person.own_organization_id).order_by(*self.ordering)

    def form_of(self, request: HttpRequest, obj: Any) -> OrganizationForm:
        return OrganizationForm(request.POST or None, initial={name: getattr(obj, name) for name in SettingsForm.base_fields})

    def change(self, request: HttpRequest, obj: Any, form: OrganizationForm) -> Organization:
        return change_organization(obj, by=person_of(request), **form.touched)

    def history_page(self, request: HttpRequest, pk: int) -> Any:
        """Its log is under the tenant's policy: nobody reads it from outside."""
        if person_of(request).organization_id is None:
            raise PermissionDenied(_("Choose the organization first: its history is its own."))
        return super().history_page(request, pk)


def _rights(role: Role, record_type: str) -> str:
    reaches = [(Right(verb).label, role.reach(record_type, verb)) for verb in Right.values]
    return ", ".join(f"{verb}: {reach.label}" for verb, reach in reaches if reach != Reach.NONE) or str(Reach.NONE.label)


site.register(User, PersonAdmin)
site.register(Invitation, InvitationAdmin)
site.register(Team, TeamAdmin)
site.register(Role, RoleAdmin)
site.register(Organization, OrganizationAdmin)
