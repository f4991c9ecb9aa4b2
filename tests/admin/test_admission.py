"""Who comes into the workshop, and where everybody else is led."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.users.models import User
from tests.admin.conftest import browser, secure

PAGES = [
    "/admin/",
    "/admin/customers/",
    "/admin/customers/customer/",
    "/admin/customers/customer/add/",
    "/admin/customers/contact/1/change/",
]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_led_to_our_sign_in_and_back(db: None, page: str) -> None:
    assert Client().get(page)["Location"] == f"/accounts/login/?next={page}"


def test_there_is_no_sign_in_form_of_its_own(db: None) -> None:
    assert Client().get("/admin/login/?next=/admin/customers/")["Location"] == "/accounts/login/?next=/admin/customers/"
    answer = Client().post("/admin/login/", {"username": "ada@halden.example", "password": "x"})
    assert answer["Location"].startswith("/accounts/login/")


def test_a_foreign_address_after_signing_in_is_not_kept(db: None) -> None:
    assert "evil" not in Client().get("/admin/login/?next=https://evil.example/")["Location"]


@pytest.mark.parametrize("name", ["alice", "mona", "sam", "rita"])
@pytest.mark.parametrize("page", PAGES)
def test_others_get_the_page_that_says_who_administers(cast: dict[str, User], name: str, page: str) -> None:
    answer = browser(secure(cast[name])).get(page)
    assert answer.status_code == 403
    assert "does not administer the organization" in answer.content.decode()
    assert "Ada" in answer.content.decode()


def test_the_flag_of_django_alone_opens_nothing(mona: User, opens: Callable[[User], Client]) -> None:
    User.objects.of_organization(mona.organization_id).filter(pk=mona.pk).update(is_staff=True)
    assert opens(mona).get("/admin/").status_code == 403


def test_ada_without_a_second_factor_is_led_to_set_one_up_and_back(ada: User) -> None:
    client = browser(ada)
    answer = client.get("/admin/customers/customer/?q=x")
    assert answer["Location"] == reverse("mfa_index")
    assert "Set one up to go on" in client.get(answer["Location"]).content.decode()
    secure(ada)
    page = client.get(reverse("mfa_index")).content.decode()
    assert 'href="/admin/customers/customer/?q=x"' in page
    assert client.get("/admin/customers/customer/?q=x").status_code == 200
    assert "/admin/customers/customer/?q=x" not in client.get(reverse("mfa_index")).content.decode()


def test_a_second_factor_that_is_gone_closes_the_workshop(ada: User, ada_in: Client) -> None:
    assert ada_in.get("/admin/").status_code == 200
    ada.authenticator_set.all().delete()  # type: ignore[attr-defined]  # allauth's
    assert ada_in.get("/admin/")["Location"] == reverse("mfa_index")


def test_an_administrator_who_lost_the_role_is_out_at_once(ada: User, ada_in: Client, alice: User) -> None:
    User.objects.of_organization(ada.organization_id).filter(pk=ada.pk).update(role=alice.role)
    assert ada_in.get("/admin/").status_code == 403


def test_a_deactivated_administrator_is_out(ada: User, ada_in: Client) -> None:
    User.objects.of_organization(ada.organization_id).filter(pk=ada.pk).update(is_active=False)
    assert ada_in.get("/admin/")["Location"].startswith("/accounts/login/")


def test_signing_out_is_the_libraries_page(ada_in: Client) -> None:
    assert ada_in.post("/admin/logout/")["Location"] == reverse("account_logout")


@pytest.mark.parametrize("page", ["/admin/password_change/", "/admin/jsi18n/", "/admin/r/1/1/", "/admin/nothing/", "/admin/auth/user/"])
def test_what_the_workshop_does_not_have(ada_in: Client, page: str) -> None:
    assert ada_in.get(page).status_code == 404


def test_the_pages_pass_the_strict_policy(ada_in: Client) -> None:
    answer = ada_in.get("/admin/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page
