"""Setup: records that share what the organization wants to be unique."""

from django.http import HttpRequest, HttpResponse

from crm.setup.views.pages import for_administrators, setup_page
from crm.views.loading import person_of
from customers.models.uniqueness import UNIQUE, doubles


@for_administrators
def double_list(request: HttpRequest) -> HttpResponse:
    """By rule, those that were there already: each with the older one that keeps the value."""
    rules = [(unique.title, doubles(unique, person_of(request))) for unique in UNIQUE]
    return setup_page(request, "customers/doubles.html", {"rules": rules, "found": any(rows for _title, rows in rules)}, here="double-list")
