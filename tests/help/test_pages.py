"""The help as people get it."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.users.models import User

Browser = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_bob_reads_a_page_with_anchors_and_a_table_of_contents(bob: User, client_of: Browser) -> None:
    html = client_of(bob).get("/help/users/first-steps/").content.decode()
    assert 'class="prose"' in html
    assert 'href="#help-on-a-page"' in html
    assert '<h2 id="help-on-a-page">' in html


def test_bob_sees_no_pages_of_administrators(bob: User, ada: User, client_of: Browser) -> None:
    client = client_of(bob)
    assert "/help/administrators/" not in client.get("/help/").content.decode()
    assert "/help/administrators/" not in client.get("/help/?q=second+factor").content.decode()
    answer = client.get("/help/administrators/security/")
    assert answer.status_code == 403
    assert "HSTS" not in answer.content.decode()
    assert "/help/administrators/" in client_of(ada).get("/help/").content.decode()
    assert client_of(ada).get("/help/administrators/security/").status_code == 200


@pytest.mark.parametrize(
    "path", ["users/nothing/", "decisions/invitation-links/", "users/..%2f..%2fREADME/", "images/nothing.png", "images/..%2fREADME.md"]
)
def test_what_is_on_no_shelf_is_not_found(path: str, bob: User, client_of: Browser) -> None:
    assert client_of(bob).get(f"/help/{path}").status_code == 404


def test_a_stranger_reads_how_to_get_in_and_is_asked_to_sign_in_for_the_rest() -> None:
    client = Client()
    assert client.get("/help/users/sign-in/").status_code == 200
    assert client.get("/help/users/exports/")["Location"].startswith("/accounts/login/")
    assert client.get("/help/administrators/security/")["Location"].startswith("/accounts/login/")


def test_over_a_page_stands_its_chapter_alone(ada: User, client_of: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "modal"}
    html = client_of(ada).get("/help/administrators/people-and-roles/?section=teams", headers=headers).content.decode()
    assert "<html" not in html
    assert "Teams" in html
    assert "Deactivate" not in html
    assert 'href="/help/administrators/people-and-roles/#teams" target="_blank"' in html


def test_bob_finds_a_word_and_reads_what_to_do_when_there_is_none(bob: User, client_of: Browser) -> None:
    client = client_of(bob)
    assert "#" in client.get("/help/?q=recycle").content.decode()
    assert "No page has all of these words" in client.get("/help/", {"q": "<b>xyzzy</b>"}).content.decode()


@pytest.mark.parametrize("path", ["/customers/", "/customers/new/", "/", "/notifications/", "/exports/", "/api/v1/docs"])
def test_every_page_has_its_help(path: str, bob: User, client_of: Browser) -> None:
    assert 'data-key="h"' in client_of(bob).get(path).content.decode()


def test_the_sign_in_and_errors_have_help(bob: User, client_of: Browser) -> None:
    assert "/help/users/" in Client().get("/accounts/login/").content.decode()
    assert "/help/users/" in client_of(bob).get("/customers/999999/").content.decode()
    assert "/help/users/" in client_of(bob).get("/setup/people/").content.decode()
