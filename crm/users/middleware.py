"""The request in the words and hours of whoever is signed in."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation


class PersonMiddleware:
    """Activates the person's time zone and language for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        language = user.language or (user.organization.language if user.organization else "")
        with timezone.override(zoneinfo.ZoneInfo(user.zone_name)), translation.override(language or translation.get_language()):
            return self.get_response(request)
