"""The workshop's own site: other admin sites, and what libraries register in them, are not in it."""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from crm.admin.admission import may_enter, turned_away
from crm.admin.operators import choose_organization, leave_organization
from crm.views.loading import person_of

ELSEWHERE = frozenset({"password_change", "password_change_done", "view_on_site", "jsi18n"})
"""Addresses of Django's site that this one does not have: passwords are the sign-in library's, its scripts are not used."""


class Workshop(AdminSite):
    """Signing in and out are the sign-in library's; nothing is written to Django's own log."""

    site_title = site_header = index_title = _("Administration")
    what_waits: Callable[[], Sequence[Any]] = staticmethod(tuple)
    """What waits in the installation, for the operator: (label, total, late) each. A room above knows."""
    enable_nav_sidebar = final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return turned_away(request) or inner(request, *args, **kwargs)

        return update_wrapper(admitted, inner)

    def get_urls(self) -> list[Any]:
        own = [
            path("choose/", self.admin_view(choose_organization), name="choose"),
            path("leave/", self.admin_view(leave_organization), name="leave"),
        ]
        return [*own, *[pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in ELSEWHERE]]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        waiting = self.what_waits() if person_of(request).is_superuser else []
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        home = reverse("admin:index")
        if request.user.is_authenticated:
            return HttpResponseRedirect(home)
        asked = request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
        return redirect_to_login(asked if ours else home)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_logout"))

    def get_log_entries(self, request: HttpRequest) -> Any:
        return ()


site = Workshop(name="admin")
