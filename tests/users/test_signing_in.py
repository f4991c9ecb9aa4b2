"""Signing in: what is let through, what is refused, and what the log keeps of it."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from crm.tenancy.models import Organization
from crm.users.models import Outcome, Role, SignIn, User
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alice_with_password(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def outcomes(user: User) -> list[str]:
    return list(SignIn.objects.filter(user=user).order_by("pk").values_list("outcome", flat=True))


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def with_app(user: User) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def test_alice_signs_in_and_the_log_says_so(alice_with_password: User) -> None:
    client = Client()
    assert sign_in(client, alice_with_password).status_code == 302
    assert is_signed_in(client)
    assert outcomes(alice_with_password) == [Outcome.SIGNED_IN]


def test_a_wrong_password_is_refused_in_words_and_logged(alice_with_password: User) -> None:
    client = Client()
    answer = sign_in(client, alice_with_password, "not-the-password")
    assert "do not match" in answer.content.decode()
    assert not is_signed_in(client)
    assert outcomes(alice_with_password) == [Outcome.WRONG_PASSWORD]


def test_after_five_wrong_passwords_the_right_one_is_refused_too(alice_with_password: User) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, alice_with_password, "not-the-password")
    answer = sign_in(client, alice_with_password)
    assert "Too many attempts" in answer.content.decode()
    assert not is_signed_in(client)
    assert outcomes(alice_with_password)[-1] == Outcome.LOCKED_OUT


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(alice_with_password: User) -> None:
    known = sign_in(Client(), alice_with_password, "not-the-password")
    unknown = Client().post("/accounts/login/", {"login": "nobody@halden.example", "password": "not-the-password"})
    assert "do not match" in unknown.content.decode()
    assert known.status_code == unknown.status_code
    assert SignIn.objects.get(email="nobody@halden.example").user is None


def test_a_deactivated_person_is_told_so_after_the_right_password_only(alice_with_password: User) -> None:
    User.objects.filter(pk=alice_with_password.pk).update(is_active=False)
    assert "do not match" in sign_in(Client(), alice_with_password, "not-the-password").content.decode()
    assert sign_in(Client(), alice_with_password)["Location"] == "/accounts/inactive/"
    assert outcomes(alice_with_password)[-1] == Outcome.SWITCHED_OFF


def test_a_deactivated_persons_open_session_ends_at_the_next_request(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    assert client.get("/customers/").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/customers/")["Location"].startswith("/accounts/login/")


def test_signing_out_is_logged(alice: User, client_of: Any) -> None:
    client_of(alice).post("/accounts/logout/")
    assert outcomes(alice) == [Outcome.SIGNED_OUT]


def test_an_idle_session_ends_and_says_why(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    client.get("/customers/")
    session = client.session
    session["seen_at"] = int(time.time()) - 13 * 3600
    session.save()
    answer = client.get("/customers/?q=1", follow=True)
    assert answer.redirect_chain[0][0] == "/accounts/login/?next=/customers/%3Fq%3D1"
    assert "nothing happened for a while" in answer.content.decode()
    assert outcomes(alice) == [Outcome.IDLE]


def seen_ago(client: Client, seconds: int) -> None:
    session = client.session
    session["seen_at"] = int(time.time()) - seconds
    session.save()


def test_an_organization_ends_idle_sessions_sooner(alice: User, charlie: User, client_of: Any) -> None:
    Organization.objects.filter(pk=alice.organization_id).update(idle_minutes=15)
    hers, his = client_of(alice), client_of(charlie)
    for client in (hers, his):
        client.get("/customers/")
        seen_ago(client, 16 * 60)
    assert hers.get("/customers/")["Location"].startswith("/accounts/login/")
    assert his.get("/customers/").status_code == 200


def test_no_organization_keeps_sessions_longer_than_the_operator_allows(alice: User, client_of: Any, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 600
    Organization.objects.filter(pk=alice.organization_id).update(idle_minutes=720)
    client = client_of(alice)
    client.get("/customers/")
    seen_ago(client, 601)
    assert client.get("/customers/").status_code == 302


def test_a_page_that_stays_open_and_asks_by_itself_is_no_activity(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    client.get("/customers/")
    seen_ago(client, 600)
    seen = client.session["seen_at"]
    assert client.get("/notifications/bell/", headers={"HX-Request": "true", "Tern-Live": "1"}).status_code == 200
    assert client.session["seen_at"] == seen
    client.get("/customers/")
    assert client.session["seen_at"] > seen


def test_a_session_in_use_goes_on(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    client.get("/customers/")
    session = client.session
    session["seen_at"] = int(time.time()) - 11 * 3600
    session.save()
    assert client.get("/customers/").status_code == 200
    assert time.time() - client.session["seen_at"] < 60


def test_alice_needs_her_code_after_the_password(alice_with_password: User) -> None:
    secret = with_app(alice_with_password)
    client = Client()
    assert sign_in(client, alice_with_password)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "not valid" in answer.content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)
    assert outcomes(alice_with_password) == [Outcome.SECOND_FACTOR_FAILED, Outcome.SIGNED_IN]


def test_a_code_works_once(alice_with_password: User) -> None:
    secret = with_app(alice_with_password)
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, alice_with_password)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_the_secret_of_the_app_is_not_readable_in_the_database(alice: User) -> None:
    secret = with_app(alice)
    stored = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP).data["secret"]
    assert stored.startswith("v1:")
    assert secret not in stored


def test_a_role_that_requires_a_second_factor_leads_to_setting_one_up(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    Role.objects.filter(pk=alice.role_id).update(requires_second_factor=True)
    answer = client.get("/customers/", follow=True)
    assert answer.redirect_chain[0][0] == "/accounts/2fa/"
    assert "requires a second factor" in answer.content.decode()
    with_app(alice)
    assert client.get("/customers/").status_code == 200


def test_the_last_factor_stays_where_the_role_requires_one(alice: User) -> None:
    from allauth.mfa.adapter import get_adapter

    with_app(alice)
    authenticator = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    assert get_adapter().can_delete_authenticator(authenticator)
    Role.objects.filter(pk=alice.role_id).update(requires_second_factor=True)
    authenticator.user = User.objects.get(pk=alice.pk)
    assert not get_adapter().can_delete_authenticator(authenticator)


@pytest.mark.parametrize("password", ["short", "1234567890123", "qwertyuiop", "alice@halden.example"])
def test_weak_passwords_are_refused(alice: User, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password, alice)


def test_what_a_stranger_says_of_his_address_is_not_believed(alice_with_password: User) -> None:
    Client().post("/accounts/login/", {"login": alice_with_password.email, "password": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert SignIn.objects.get(user=alice_with_password).address == "127.0.0.1"


@override_settings(TRUSTED_PROXIES=["127.0.0.0/8", "10.0.0.1"])
def test_a_trusted_proxys_word_is_believed_as_far_as_proxies_are_trusted(alice_with_password: User) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9, 10.0.0.1"}
    Client().post("/accounts/login/", {"login": alice_with_password.email, "password": "x"}, headers=forwarded)
    assert SignIn.objects.get(user=alice_with_password).address == "203.0.113.9"


def test_strangers_cannot_sign_up(db: None) -> None:
    assert "by invitation" in Client().get("/accounts/signup/").content.decode()


def test_a_code_stays_used_as_long_as_a_clock_may_be_off(alice_with_password: User) -> None:
    secret = with_app(alice_with_password)
    code = code_of(secret)
    first, second = Client(), Client()
    sign_in(first, alice_with_password)
    first.post("/accounts/2fa/authenticate/", {"code": code})
    cache.delete(f"allauth.mfa.totp.used?user={alice_with_password.pk}&code={code}")
    sign_in(second, alice_with_password)
    second.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(first)
    assert not is_signed_in(second)


RESET_LINK = re.compile(r"/accounts/password/reset/key/\S+")
NEW_PASSWORD = "quite-another-phrase-2"


def ask_for_reset(email: str) -> str:
    """The link of the mail, or nothing."""
    mail.outbox.clear()
    answer = Client().post("/accounts/password/reset/", {"email": email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    found = RESET_LINK.search(mail.outbox[0].body)
    return found[0] if found else ""


def choose_password(link: str, password: str = NEW_PASSWORD) -> Any:
    client = Client()
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password}) if page.redirect_chain else page


def test_a_reset_link_works_once_and_ends_all_other_sessions(alice_with_password: User, client_of: Any) -> None:
    at_work = client_of(alice_with_password)
    assert at_work.get("/customers/").status_code == 200
    link = ask_for_reset(alice_with_password.email)
    assert choose_password(link)["Location"] == "/accounts/password/reset/key/done/"
    assert at_work.get("/customers/")["Location"].startswith("/accounts/login/")
    assert "does not work any more" in choose_password(link, "a-third-phrase-333").content.decode()
    client = Client()
    assert sign_in(client, alice_with_password, NEW_PASSWORD)["Location"] == "/"
    assert Outcome.PASSWORD_CHANGED in outcomes(alice_with_password)


def test_a_reset_link_expires(alice_with_password: User, settings: Any) -> None:
    settings.PASSWORD_RESET_TIMEOUT = 1
    link = ask_for_reset(alice_with_password.email)
    time.sleep(2)
    assert "does not work any more" in choose_password(link).content.decode()


def test_a_reset_of_an_unknown_address_is_answered_the_same(alice_with_password: User) -> None:
    assert ask_for_reset("nobody@halden.example") == ""
    assert mail.outbox[0].to == ["nobody@halden.example"]


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "at least 10 characters"), ("1234567890123", "entirely numeric"), ("alice@halden.example", "too similar")],
)
def test_a_refused_password_says_how_to_mend_it(alice_with_password: User, password: str, words: str) -> None:
    link = ask_for_reset(alice_with_password.email)
    assert words in choose_password(link, password).content.decode()


def test_too_many_resets_from_one_address_get_a_page_that_says_when_to_go_on(db: None) -> None:
    answers = [Client().post("/accounts/password/reset/", {"email": f"p{n}@halden.example"}) for n in range(21)]
    assert answers[19].status_code == 302
    assert answers[20].status_code == 429
    assert "Too many attempts" in answers[20].content.decode()
    elsewhere = Client().post("/accounts/password/reset/", {"email": "p@halden.example"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status_code == 429
    with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
        elsewhere = Client().post("/accounts/password/reset/", {"email": "q@halden.example"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status_code == 302


def test_wrong_passwords_lock_the_account_from_every_address(alice_with_password: User) -> None:
    with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
        for n in range(5):
            facts = {"login": alice_with_password.email, "password": "x"}
            Client().post("/accounts/login/", facts, headers={"X-Forwarded-For": f"203.0.113.{n}"})
    assert "Too many attempts" in sign_in(Client(), alice_with_password).content.decode()


def test_a_new_address_is_in_the_persons_log_and_among_the_changes_in_setup(alice_with_password: User, ada: User, client_of: Any) -> None:
    client = client_of(alice_with_password)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "alice.berg@halden.example", "action_add": ""})
    new = EmailAddress.objects.get(email="alice.berg@halden.example")
    new.verified = True
    new.save()
    client.post("/accounts/email/", {"email": new.email, "action_primary": ""})
    alice_with_password.refresh_from_db()
    assert alice_with_password.email == new.email
    assert Outcome.EMAIL_CHANGED in outcomes(alice_with_password)
    assert "E-mail address: alice@halden.example → alice.berg@halden.example" in client_of(ada).get("/setup/changes/").content.decode()


def test_the_log_of_sign_ins_has_the_readers_hours(alice_with_password: User, ada: User, client_of: Any) -> None:
    sign_in(Client(), alice_with_password, "not-the-password")
    SignIn.objects.update(at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    User.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    assert "21:00" in client_of(ada).get("/setup/sign-ins/").content.decode()
    User.objects.filter(pk=ada.pk).update(time_zone="America/New_York")
    assert "07:00" in client_of(ada).get("/setup/sign-ins/").content.decode()
