"""One transaction per request, for the organization of whoever is signed in."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from crm.tenancy.transaction import tenant

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TenantMiddleware:
    """Directly below authentication. The response is rendered inside the transaction; a failed one is rolled back.

    An administrator who sees Tern as somebody else gets a transaction in which nothing can be written.
    People without an organization (nobody signed in, the operator) get no tenant, so they see no organization's rows.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        organization = getattr(request.user, "organization", None)
        if organization is None:
            return self.get_response(request)
        with tenant(organization, read_only=getattr(request, "viewing", None) is not None):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
                return response
        return response
