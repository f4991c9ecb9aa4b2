"""The floor of a page: a bare Django view that asks the same of the database and writes the same rows into a plain template.

No middleware, no log-in, no tenant, no access, no layout; it reads as the owner role, so no policy is in force.
"""

from pathlib import Path
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from django.utils import timezone

from bench.floor_activities import day_context, list_context
from bench.floor_record import record_context
from bench.floor_rest import rows_of, written
from bench.floor_search import search_context
from crm.users.models import User
from customers.models import Customer

ALIAS, SIZE = "owner", 50
COLUMNS = (
    "name",
    "domain",
    "lifecycle",
    "annual_revenue",
    "currency",
    "owner",
    "last_activity_at",
    "billing_city",
    "billing_country",
    "updated_at",
)
engine = Engine(dirs=[str(Path(__file__).parent / "templates")], libraries={}, builtins=["django.templatetags.i18n"])


class FloorHandler(WSGIHandler):
    """A WSGI application without any middleware, for the addresses of this module."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        self._middleware_chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]  # not in the stubs

    def resolve_request(self, request: HttpRequest) -> Any:
        request.urlconf = __name__
        return super().resolve_request(request)


def render(template: str, context: dict[str, Any]) -> HttpResponse:
    return HttpResponse(engine.get_template(f"floor/{template}").render(Context(context)))


def customer_list(request: HttpRequest, organization: int) -> HttpResponse:
    """One page of customers: the newest, or `sort`ed, after the cursor `at` and `pk`, with `lifecycle` or `country`."""
    asked = request.GET
    rows = list(ordered(filtered(customers_of(organization), asked), asked)[: SIZE + 1])
    people = User.objects.using(ALIAS).filter(organization_id=organization, pk__in={row.owner_id for row in rows})
    names = dict(people.values_list("pk", "name"))
    for row in rows:
        row.owner_name = names.get(row.owner_id or 0, "")  # type: ignore[attr-defined]  # for the template
    return render("list.html", {"rows": rows[:SIZE], "more": len(rows) > SIZE, "size": SIZE})


def customers_of(organization: int) -> QuerySet[Customer]:
    return Customer.objects.using(ALIAS).filter(organization_id=organization, deleted_at=None)


def filtered(customers: QuerySet[Customer], asked: Any) -> QuerySet[Customer]:
    for key, column in (("lifecycle", "lifecycle"), ("country", "billing_country")):
        if key in asked:
            customers = customers.filter(**{column: asked[key]})
    return customers


def ordered(customers: QuerySet[Customer], asked: Any) -> QuerySet[Customer]:
    if asked.get("sort") == "name":
        return customers.only(*COLUMNS, "name_key").order_by("name_key", "pk")
    if asked.get("sort") == "-annual_revenue":
        return customers.only(*COLUMNS, "revenue_key").exclude(revenue_key=None).order_by(F("revenue_key").desc(nulls_last=True), "-pk")
    if "at" in asked:
        at, pk = asked["at"], asked["pk"]
        customers = customers.filter(Q(updated_at__lte=at)).exclude(updated_at=at, pk__gte=pk)
    return customers.only(*COLUMNS).order_by("-updated_at", "-pk")


def customer(request: HttpRequest, organization: int, pk: int) -> HttpResponse:
    record = customers_of(organization).select_related("owner", "team", "parent").get(pk=pk)
    return render("record.html", {"record": record, "now": timezone.now(), **record_context(record, ALIAS)})


def search(request: HttpRequest, organization: int) -> HttpResponse:
    return render("search.html", search_context(request.GET["q"], organization, ALIAS))


def activities(request: HttpRequest, organization: int, kind: str) -> HttpResponse:
    return render("activities.html", list_context(kind, organization, ALIAS))


def rest_list(request: HttpRequest, organization: int) -> HttpResponse:
    rows = rows_of(customers_of(organization).order_by("-updated_at", "-pk")[: SIZE + 1], ALIAS)
    return HttpResponse(written({"data": rows[:SIZE], "more": len(rows) > SIZE}), content_type="application/json")


def rest_record(request: HttpRequest, organization: int, pk: int) -> HttpResponse:
    return HttpResponse(written(rows_of(customers_of(organization).filter(pk=pk), ALIAS)[0]), content_type="application/json")


def empty(request: HttpRequest, organization: int) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


def day(request: HttpRequest, organization: int, person: int) -> HttpResponse:
    return render("day.html", day_context(person, organization, ALIAS))


urlpatterns = [
    path("<int:organization>/customers/", customer_list),
    path("<int:organization>/customers/<int:pk>/", customer),
    path("<int:organization>/search/", search),
    path("<int:organization>/activities/<slug:kind>/", activities),
    path("<int:organization>/rest/", rest_list),
    path("<int:organization>/rest/<int:pk>/", rest_record),
    path("<int:organization>/empty/", empty),
    path("<int:organization>/day/<int:person>/", day),
]
