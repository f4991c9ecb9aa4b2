"""Who may open the workshop: administrators of an organization and the operator, each with a second factor."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.ui.toasts import toast
from crm.users.actions import AdministratorsOnly
from crm.users.adapters import has_second_factor
from crm.users.middleware import ASKED_FOR, led_to_second_factor
from crm.users.models import User


def may_enter(user: object) -> bool:
    """The role says so, not the flag `is_staff`: who administers the organization, and the operator."""
    return isinstance(user, User) and user.is_active and (user.is_administrator or user.is_superuser)


def turned_away(request: HttpRequest) -> HttpResponse | None:
    """Where somebody is led who does not come in; None for those who do. Raises AdministratorsOnly."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("admin:index"))
    if not may_enter(user):
        raise AdministratorsOnly(user)
    if not has_second_factor(user):
        toast(request, _("The workshop opens with a second factor. Set one up to go on."))
        return led_to_second_factor(request)
    request.session.pop(ASKED_FOR, None)
    return None
