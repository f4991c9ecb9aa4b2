"""What people see when something goes wrong."""

from types import SimpleNamespace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from crm.ui import errors
from crm.users.models import User

FRAGMENT = {"HX-Request": "true"}


def get(**headers: str) -> Any:
    return RequestFactory().get("/customers/1/", headers=headers)


def test_a_page_that_is_not_there() -> None:
    answer = errors.not_found(get(), Http404())
    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.content.decode()


def test_a_fragment_gets_one_sentence() -> None:
    for view, status in ((errors.not_found, 404), (errors.forbidden, 403), (errors.bad_request, 400), (errors.conflict, 409)):
        answer = view(get(**FRAGMENT), Exception())
        assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain")
        assert "<" not in answer.content.decode()


def test_a_refusal_says_what_is_missing_and_who_can_grant_it() -> None:
    refusal = PermissionDenied("You cannot export contacts")
    refusal.grantors = [SimpleNamespace(name="Ada Adler", email="ada@halden.example")]  # type: ignore[attr-defined]
    page = errors.forbidden(get(), refusal).content.decode()
    assert "You cannot export contacts" in page
    assert "mailto:ada@halden.example" in page


def test_an_expired_form_shows_what_was_typed_but_no_secrets() -> None:
    typed = {
        "name": "Vattvik <b>Energi</b>",
        "password1": "correct horse",
        "code": "123456",
        "csrfmiddlewaretoken": "tok",
        "version": "version-77-",
        "billing_city": "Lund",
    }
    page = errors.form_expired(RequestFactory().post("/x/", typed)).content.decode()
    assert "Vattvik &lt;b&gt;Energi&lt;/b&gt;" in page
    assert "correct horse" not in page
    assert "123456" not in page
    assert "tok<" not in page
    assert "version-77-" not in page
    assert "Billing city" in page


def test_a_crash_needs_no_database() -> None:
    answer = errors.server_error(get())
    assert answer.status_code == 500
    assert "Something went wrong on the server" in answer.content.decode()


def test_an_address_behind_a_button_says_so(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    page = client.get("/records/customer/1/delete/")
    assert page.status_code == 405
    assert page["Allow"]
    assert "Go back and use the button there" in page.content.decode()
    fragment = client.get("/records/customer/1/delete/", headers={"HX-Request": "true"})
    assert fragment.status_code == 405
    assert fragment["Content-Type"].startswith("text/plain")
    assert "Go back and use the button there" in fragment.content.decode()
