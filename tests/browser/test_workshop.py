"""The workshop in the browser: nothing that the strict policy refuses, nothing that axe finds, at both widths and in both themes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.test import Client

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.browser.test_pages import axe, overflow
from tests.factories.customers import make_customer


def faults_of(page: Any, live_server: Any, client: Client, addresses: list[str]) -> list[str]:
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    faults: list[str] = []
    for address in addresses:
        for width, scheme in ((1440, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.complaints.clear()
            answer = page.goto(address)
            found = [*([] if answer.ok else [str(answer.status)]), *page.complaints, *overflow(page), *axe(page)]
            faults += [f"{address} {width} {scheme}: {fault}" for fault in found]
    return faults


def signed_in(person: User) -> Client:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_ada_finds_nothing_wrong_in_the_workshop(page: Any, live_server: Any, people: dict[str, User], halden: Organization) -> None:
    with tenant(halden):
        customer = make_customer(people["alice"])
    one = f"/admin/customers/customer/{customer.pk}"
    addresses = [
        "/admin/",
        "/admin/customers/customer/",
        f"{one}/change/",
        f"{one}/delete/",
        f"/admin/users/user/{people['alice'].pk}/change/",
    ]
    assert faults_of(page, live_server, signed_in(people["ada"]), addresses) == []


def test_the_operator_finds_nothing_wrong_in_it(page: Any, live_server: Any, halden: Organization) -> None:
    client = signed_in(User.objects.create_superuser("olga@host.example", name="Olga"))
    assert faults_of(page, live_server, client, ["/admin/", "/admin/choose/"]) == []
    client.post("/admin/choose/", {"organization": halden.pk})
    assert faults_of(page, live_server, client, ["/admin/", "/admin/tenancy/organization/"]) == []
