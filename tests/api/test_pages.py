"""Where people make and revoke tokens, where administrators see them, and the page about the API."""

import re
from typing import Any

from django.test import Client

from crm.api.actions import create_token
from crm.api.models import ApiToken
from crm.users.models import User
from tests.api.program import Program, program_of


def secret_in(text: str) -> str:
    found = re.search(r'value="(tern_[^"]+)"', text)
    return found[1] if found else ""


def test_alice_makes_a_token_reads_it_once_and_revokes_it(alice: User, alice_client: Client) -> None:
    made = alice_client.post("/profile/tokens/", {"name": "Website", "access": "chosen", "scopes": "customers:view, tasks:*"})
    secret = secret_in(made.content.decode())
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    assert Program(secret).get("/customers").status_code == 200
    assert Program(secret).get("/contacts").status_code == 403
    page = alice_client.get("/profile/tokens/").content.decode()
    assert "Website" in page
    assert secret not in page
    token = ApiToken.objects.get(person=alice)
    assert alice_client.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 302
    assert Program(secret).get("/customers").status_code == 401


def test_loading_the_page_again_makes_no_second_token(alice: User, alice_client: Client) -> None:
    form = {"name": "Website", "access": "read", "token": "of-this-page"}
    secret = secret_in(alice_client.post("/profile/tokens/", form).content.decode())
    assert alice_client.post("/profile/tokens/", form)["Location"] == "/profile/tokens/"
    assert ApiToken.objects.filter(person=alice).count() == 1
    assert Program(secret).get("/customers").status_code == 200


def test_the_form_says_what_is_wrong(alice: User, alice_client: Client) -> None:
    for data in (
        {},
        {"name": "x", "access": "chosen"},
        {"name": "x", "access": "chosen", "scopes": "moon"},
        {"name": "x", "access": "read", "expires_on": "2001-01-01"},
    ):
        assert alice_client.post("/profile/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()


def test_bob_neither_sees_nor_revokes_alices_token_ada_does_both(
    alice: User, bob_client: Client, ada_client: Client, charlie_client: Client, as_alice: Program
) -> None:
    token = ApiToken.objects.get(person=alice)
    as_alice.get("/customers")
    assert "Test" not in bob_client.get("/profile/tokens/").content.decode()
    for client in (bob_client, charlie_client):
        assert client.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    page = ada_client.get("/setup/api/").content.decode()
    assert "Test" in page
    assert "/api/v1/customers" in page
    assert "/api/v1/customers" in ada_client.get(f"/setup/api/?token={token.pk}").content.decode()
    assert "/api/v1/customers" not in charlie_client.get(f"/setup/api/?token={token.pk}").content.decode()
    answer = ada_client.post(f"/profile/tokens/{token.pk}/revoke/", {"back": "setup"})
    assert answer["Location"] == "/setup/api/"
    assert as_alice.get("/customers").status_code == 401


def test_what_was_revoked_stands_in_the_log_of_setup(alice: User, ada_client: Client) -> None:
    create_token(alice, name="Website form")
    page = ada_client.get("/setup/changes/?kind=tokens").content.decode()
    assert "made the API token" in page
    assert "Website form" in page


def test_the_page_about_the_api_names_what_can_be_asked(alice: User, alice_client: Client) -> None:
    page = alice_client.get("/api/v1/docs").content.decode()
    assert "/customers/{pk}" in page
    assert "annual_revenue" in page
    assert Client().get("/api/v1/docs").status_code == 302


def test_the_document_is_open_and_shows_a_role_only_its_fields(alice: User, as_alice: Program) -> None:
    def fields(answer: Any) -> set[str]:
        assert answer.status_code == 200
        assert answer.json()["openapi"] == "3.1.0"
        return set(answer.json()["components"]["schemas"]["Customer"]["properties"])

    everything = fields(Program().get("/openapi.json"))
    assert "email" in everything
    role = alice.role
    assert role is not None
    type(role).objects.filter(pk=role.pk).update(levels={"customer": {"email": "hidden"}})
    assert everything - fields(program_of(alice).get("/openapi.json")) == {"email"}
    assert Program("tern_wrong").get("/openapi.json").status_code == 401
