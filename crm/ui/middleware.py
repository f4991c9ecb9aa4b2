"""What holds for every request: it can be read, and dates are written the way the organization writes them."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from crm.ui.errors import not_allowed
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


class ReadableMiddleware:
    """A NUL in the address is 400: no text that the database can hold has one, so no view needs to look for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class NotAllowedMiddleware:
    """A 405 of Django has nothing to read in it: it gets the page, or the sentence, that the other errors have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        answer = not_allowed(request)
        answer.headers["Allow"] = response.headers["Allow"]
        return answer


class FragmentMiddleware:
    """One address gives a page, or a part of it to htmx: no cache may take one for the other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response
