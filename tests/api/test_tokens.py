"""Whose the token is, what it is for, and when it opens nothing any more."""

from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from crm.api.actions import create_token, revoke_token
from crm.api.models import ApiToken
from crm.api.scopes import checked
from crm.audit.models import LogEntry
from crm.users.actions import deactivate_person
from crm.users.models import User
from tests.api.program import Program, program_of


def refused(program: Program, code: str) -> str:
    """The sentence of a 401."""
    answer = program.get("/customers")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    return str(answer.json()["detail"])


def test_alice_asks_with_her_token_and_it_is_noted_when(alice: User) -> None:
    program = program_of(alice)
    assert program.get("/customers").status_code == 200
    token = ApiToken.objects.get(person=alice)
    assert token.last_used_at is not None
    assert token.last_used_at > timezone.now() - timedelta(minutes=1)


def test_only_the_hash_is_kept(alice: User) -> None:
    token, secret = create_token(alice, name="Website")
    assert secret.startswith("tern_")
    assert len(secret) > 40
    assert token.hash == sha256(secret.encode()).hexdigest()
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values())
    assert secret.startswith(token.hint)
    assert secret not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_without_a_token_nothing_is_answered(db: None) -> None:
    refused(Program(), "unauthorized")


def test_a_token_that_nobody_made_opens_nothing(db: None) -> None:
    assert "not known" in refused(Program("tern_invented"), "invalid_token")


def test_alices_session_opens_nothing_here(alice_client: Client) -> None:
    assert alice_client.get("/api/v1/customers").status_code == 401


def test_her_token_opens_no_page(alice: User) -> None:
    assert program_of(alice).client.get("/customers/").status_code == 302


def test_a_revoked_token_opens_nothing(alice: User) -> None:
    program = program_of(alice)
    revoke_token(ApiToken.objects.get(person=alice), by=alice)
    assert "revoked" in refused(program, "invalid_token")


def test_an_expired_token_opens_nothing(alice: User) -> None:
    program = program_of(alice)
    ApiToken.objects.filter(person=alice).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "expired" in refused(program, "invalid_token")


def test_the_token_of_somebody_deactivated_opens_nothing(alice: User, ada: User) -> None:
    program = program_of(alice)
    deactivate_person(alice, by=ada)
    assert "no longer" in refused(program, "invalid_token")


def test_a_role_that_needs_a_second_factor_needs_it_here_too(alice: User) -> None:
    program = program_of(alice)
    role = alice.role
    assert role is not None
    type(role).objects.filter(pk=role.pk).update(requires_second_factor=True)
    assert "second factor" in refused(program, "second_factor_missing")


def test_a_token_reads_unless_writing_is_named(alice: User) -> None:
    token, _secret = create_token(alice, name="Reader")
    assert token.scopes == ["*:view"]
    assert checked(["customers"]) == ["customers:view"]
    assert checked(["customers:create", " customers:create ", "tasks:*"]) == ["customers:create", "tasks:*"]


@pytest.mark.parametrize("scope", ["nothing:view", "customers:fly", "jobs:share", "*:fly", ":", "customers:view:all", "\x00"])
def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(alice: User, scope: str) -> None:
    with pytest.raises(ValidationError, match="Choose among"):
        create_token(alice, name="Wrong", scopes=[scope])


def test_a_token_for_contacts_reads_no_customers(alice: User) -> None:
    program = program_of(alice, "contacts:view")
    assert program.get("/contacts").status_code == 200
    answer = program.get("/customers")
    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    assert "customers:view" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"name": "x", "expires_at": timezone.now() - timedelta(1)}, "expires_at")],
)
def test_a_token_without_a_name_or_a_future_is_refused(alice: User, facts: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        create_token(alice, **facts)  # type: ignore[arg-type]
    assert set(error.value.message_dict) == {field}


def test_bob_does_not_revoke_alices_token_ada_does_charlie_cannot(alice: User, bob: User, ada: User, charlie: User) -> None:
    token, _secret = create_token(alice, name="Website")
    for person in (bob, charlie):
        with pytest.raises(PermissionDenied):
            revoke_token(token, by=person)
    revoke_token(token, by=ada)
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None


def test_what_happens_to_tokens_is_written_down(alice: User) -> None:
    token, _secret = create_token(alice, name="Website")
    revoke_token(token, by=alice)
    revoke_token(token, by=alice)
    verbs = list(LogEntry.objects.filter(object_id=token.pk, verb__startswith="apitoken").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["apitoken.created", "apitoken.revoked"]


def test_the_command_prints_the_token_and_nothing_else(alice: User) -> None:
    out = StringIO()
    call_command("token", "Alice@halden.example", scopes=["customers:view,tasks:*"], days=7, stdout=out)
    secret = out.getvalue().strip()
    assert out.getvalue() == f"{secret}\n"
    assert Program(secret).get("/customers").status_code == 200
    assert Program(secret).get("/contacts").status_code == 403


@pytest.mark.parametrize(
    "words", [["nobody@halden.example"], ["alice@halden.example", "--scopes", "moon"], ["alice@halden.example", "--days", "0"]]
)
def test_the_command_says_what_is_wrong(alice: User, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("token", *words)
