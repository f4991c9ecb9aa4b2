"""Around the addresses of the API: no cookie goes in, no page comes out."""

from collections.abc import Callable
from http.cookies import SimpleCookie

from django.http import HttpRequest, HttpResponseBase

from crm.api.addresses import DOCS, PREFIX
from crm.api.problems import MEDIA_TYPE, problem, usual

GetResponse = Callable[[HttpRequest], HttpResponseBase]
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class ApiMiddleware:
    """Above the session: a request of the API is nobody's until its token is read. Errors of the house become problems."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        response = self.get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            headers = {name: response.headers[name] for name in KEPT if name in response.headers}
            response = problem(response.status_code, usual(response.status_code), headers=headers)
        response.cookies = SimpleCookie()
        if request.headers.get("Authorization"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def is_api(request: HttpRequest) -> bool:
    """Whether programs ask there. The page about the API is for people."""
    return request.path_info.startswith(PREFIX) and request.path_info.rstrip("/") != DOCS
