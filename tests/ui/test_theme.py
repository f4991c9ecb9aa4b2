import pytest
from django.test import Client

from crm.users.models import User


def test_bob_chooses_the_dark_theme_and_keeps_it(bob: User, bob_client: Client) -> None:
    answer = bob_client.post("/theme/", {"theme": "dark", "next": "/customers/?q=a"})
    assert answer.headers["Location"] == "/customers/?q=a"
    bob.refresh_from_db()
    assert bob.theme == "dark"


def test_a_script_gets_an_empty_answer(bob_client: Client) -> None:
    assert bob_client.post("/theme/", {"theme": "light"}, headers={"HX-Request": "true"}).status_code == 204


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_house(bob_client: Client, address: str) -> None:
    assert bob_client.post("/theme/", {"theme": "dark", "next": address}).headers["Location"] == "/"


def test_an_unknown_theme_changes_nothing(bob: User, bob_client: Client) -> None:
    bob_client.post("/theme/", {"theme": "pink"})
    bob.refresh_from_db()
    assert bob.theme == "system"


def test_nobody_signed_in_is_sent_to_sign_in(db: None) -> None:
    assert Client().post("/theme/", {"theme": "dark"}).headers["Location"].startswith("/accounts/login/")
