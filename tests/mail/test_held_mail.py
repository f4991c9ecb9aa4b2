"""While no mail server is set, mails wait: the operator reads all, an administrator the own ones without what opens accounts."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.test import Client, override_settings

from crm.mail.blanking import blank
from crm.mail.models import HeldMail
from crm.users.adapters import MFAAdapter
from crm.users.models import Invitation, Role, User
from tests.users.test_signing_in import with_app

pytestmark = pytest.mark.usefixtures("held")


@pytest.fixture
def held() -> Any:
    cache.clear()
    with override_settings(EMAIL_BACKEND="crm.mail.backends.HeldMailBackend"):
        yield


@pytest.fixture
def operator(db: None) -> User:
    operator = User.objects.create_superuser("operator@installation.example", "a-long-enough-password")
    with_app(operator)
    return operator


def test_a_password_reset_waits_for_its_reader_in_the_right_organization(alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    mail = HeldMail.objects.get()
    assert mail.organization_id == alice.organization_id
    assert mail.recipients == [alice.email]
    assert "/accounts/password/reset/key/" in mail.body


def test_an_administrator_reads_that_mail_without_its_link(alice: User, ada: User, client_of: Any) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    page = client_of(ada).get("/setup/mail/").content.decode()
    assert alice.email in page
    assert "/accounts/password/reset/key/" not in page
    assert "▒▒▒" in page


def test_the_administrator_of_another_organization_reads_nothing_of_it(alice: User, charlie: User, client_of: Any) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    assert alice.email not in client_of(charlie).get("/setup/mail/").content.decode()


def test_the_operator_reads_all_in_full(alice: User, ada: User, operator: User, client_of: Any) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    page = client_of(operator).get("/operator/mail/").content.decode()
    assert "/accounts/password/reset/key/" in page
    assert client_of(ada).get("/operator/mail/").status_code == 403


def test_the_operator_signs_in_without_a_mail_and_reads_nobodys_before_setting_up_a_second_factor(db: None) -> None:
    User.objects.create_superuser("operator@installation.example", "a-long-enough-password")
    send_mail("Join us", "https://tern.example/join/abc/", None, ["new@elsewhere.example"])
    client = Client()
    client.post("/accounts/login/", {"login": "operator@installation.example", "password": "a-long-enough-password"})
    assert client.get("/operator/mail/")["Location"] == "/accounts/2fa/"
    assert "Set one up to go on" in client.get("/accounts/2fa/").content.decode()
    with_app(User.objects.get(email="operator@installation.example"))
    assert "/join/abc/" in client.get("/operator/mail/").content.decode()
    assert HeldMail.objects.count() == 1


def test_the_operator_begins_with_the_mails_and_is_told_why_no_record_is_there(operator: User, client_of: Any) -> None:
    client = client_of(operator)
    assert client.get("/")["Location"] == "/operator/mail/"
    assert "The operator of the installation has no role in an organization" in client.get("/customers/").content.decode()
    assert "The operator of the installation administers no organization" in client.get("/setup/").content.decode()


def test_the_operator_keeps_the_last_second_factor(operator: User) -> None:
    factor = Authenticator.objects.get(user=operator)
    assert not MFAAdapter().can_delete_authenticator(factor)


def test_an_invitation_is_held_and_its_link_works(ada: User, client_of: Any) -> None:
    role = Role.objects.get(organization=ada.organization, key="sales-rep")
    client_of(ada).post("/setup/people/invite/", {"email": "new@halden.example", "role": role.pk})
    mail = HeldMail.objects.get()
    assert mail.organization_id == ada.organization_id
    assert mail.subject == "Join Halden Instruments in Tern"
    assert f"/join/{Invitation.objects.get().key}/" in mail.body


def test_a_mail_to_nobody_here_is_the_operators_alone(db: None) -> None:
    send_mail("Disk", "The disk is full.", None, ["admin@elsewhere.example"])
    assert HeldMail.objects.get().organization is None


def test_the_sender_says_whose_mail_it_is_and_nul_is_dropped(ada: User) -> None:
    message: Any = EmailMessage("A\nB", "x\x00y", None, ["customer@elsewhere.example"])
    message.organization_id = ada.organization_id
    message.send()
    mail = HeldMail.objects.get()
    assert (mail.organization_id, mail.subject, mail.body) == (ada.organization_id, "A B", "xy")


def test_the_command_prints_mails_in_full(alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    send_mail("Other", "Text", None, ["somebody@elsewhere.example"])
    out = StringIO()
    call_command("held_mail", "--to", alice.email, stdout=out)
    assert "/accounts/password/reset/key/" in out.getvalue()
    assert "Other" not in out.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        "http://localhost:8000/join/3-7-abc.def/", "https://tern.example/accounts/password/reset/key/2-d0a-xyz/",
        "www.tern.example/x?code=1",
        "482913", "K7QM-2XPA-9DRT", "a1b2c3d4e5f6", "MQ:1tZ9aB:0a8sd7f6a8s7d6f", "QWERTYUIOPASDFGHJKLZXCVBNM",
        "BCDF-GHJK", "482 913", "tern.example/join/abc/", "localhost:8000/x", "/accounts/password/reset/key/2-d0a/", "HTTP://TERN.EXAMPLE/x",
        "https%3A%2F%2Ftern.example%2Fjoin%2Fabc", "https:&#47;&#47;tern.example/x", "４８２９１３", "482\u200b913",
        "aHR0cHM6Ly90ZXJuLmV4YW1wbGU",
    ],
)  # fmt: skip
def test_links_and_codes_are_blanked(secret: str) -> None:
    shown = blank(f"Open {secret} now.")
    assert shown.startswith("Open ▒▒▒▒▒▒")
    assert shown.endswith(" now.")
    assert "tern.example" not in shown.lower()


def test_plain_words_stay_readable() -> None:
    text = "Mona invites you to Halden Instruments as Sales rep. The link works until 6 December 2026, once."
    assert blank(text) == text


def test_an_administrator_reads_the_words_of_an_html_part_and_not_its_links(ada: User, operator: User, client_of: Any) -> None:
    message: Any = EmailMultiAlternatives("=?utf-8?b?WW91ciBjb2RlIDQ4MjkxMw==?=", "Plain words", None, ["karin@nordhavn.example"])
    markup = '<style>p{}</style><p>Rich <a href="https://tern.example/join/3-7-abc/">words</a> 482&#57;13</p><script>alert(1)</script>'
    message.attach_alternative(markup, "text/html")
    message.attach("key-482913.txt", "x", "text/plain")
    message.organization_id = ada.organization_id
    message.send()
    page = client_of(ada).get("/setup/mail/").content.decode()
    assert "Rich" in page
    assert "words" in page
    assert "Your code ▒▒▒▒▒▒" in page
    assert "482913" not in page
    assert "tern.example" not in page
    assert "alert(1)" not in page
    assert "https://tern.example/join/3-7-abc/" in client_of(operator).get("/operator/mail/").content.decode()
