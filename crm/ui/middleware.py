"""Dates are written the way the organization writes them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from crm.ui.moments import day_format
from crm.users.models import User


class DateFormatMiddleware:
    """Sets the organization's date format for the request. After authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        organization = user.organization if isinstance(user, User) else None
        if organization is None:
            return self.get_response(request)
        before = day_format.set(organization.date_format)
        try:
            return self.get_response(request)
        finally:
            day_format.reset(before)
