"""With a mail server set, no page waits for it, nothing gets lost when it is away, and nothing goes out twice."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives, send_mail
from django.test import Client
from django.utils import timezone

from crm.config.environment import mail as settings_of_mail
from crm.mail.models import HeldMail, MailState
from crm.mail.sending import ATTEMPTS, send_again, send_due
from crm.users.models import Role, User
from tests.mail.smtp_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    cache.clear()
    with mail_server() as running:
        use(settings, running.port)
        yield running


def use(settings: Any, port: int) -> None:
    for name, value in settings_of_mail(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    settings.EMAIL_TIMEOUT = 0.3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_one(subject: str = "Hello") -> HeldMail:
    send_mail(subject, "Text", None, ["karin@nordhavn.example"])
    return HeldMail.objects.latest("pk")


def test_a_password_reset_reaches_the_mail_server_and_leaves_nothing_behind(server: MailServer, alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email})
    assert server.received == []
    assert HeldMail.objects.get().state == MailState.WAITING
    assert send_due() == 1
    mail = message_from_string(server.received[0])
    assert mail["To"] == alice.email
    assert "/accounts/password/reset/key/" in str(mail.get_payload(decode=True))
    assert not HeldMail.objects.exists()
    assert send_due() == 0


def test_an_html_mail_with_an_attachment_arrives_whole(server: MailServer) -> None:
    message = EmailMultiAlternatives("Grüße aus Malmö", "Plain", None, ["karin@nordhavn.example"])
    message.attach_alternative("<p>Rich</p>", "text/html")
    message.attach("price-list.txt", "12 EUR", "text/plain")
    message.send()
    send_due()
    parts = [part.get_content_type() for part in message_from_string(server.received[0]).walk() if not part.is_multipart()]
    assert parts == ["text/plain", "text/html", "text/plain"]
    assert "price-list.txt" in server.received[0]


def test_no_page_waits_for_a_server_that_is_away(settings: Any, alice: User) -> None:
    use(settings, free_port())
    cache.clear()
    started = time.monotonic()
    answer = Client().post("/accounts/password/reset/", {"email": alice.email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert time.monotonic() - started < 1
    assert send_due() == 0
    mail = HeldMail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.WAITING, 1)
    assert mail.error.startswith("Nothing listens at the mail server 127.0.0.1:")
    assert mail.due_at > timezone.now() + timedelta(seconds=50)


def test_what_waited_goes_out_once_when_the_server_is_back(settings: Any, server: MailServer) -> None:
    use(settings, free_port())
    write_one()
    send_due()
    use(settings, server.port)
    assert send_due() == 0
    HeldMail.objects.update(due_at=timezone.now())
    assert send_due() == 1
    assert send_due() == 0
    assert len(server.received) == 1


@pytest.mark.parametrize("verb", ["HELLO", "MAIL", "RCPT"])
def test_a_server_that_says_nothing_is_tried_again(server: MailServer, verb: str) -> None:
    server.silent_at = verb
    write_one()
    send_due()
    mail = HeldMail.objects.get()
    assert mail.state == MailState.WAITING
    assert "did not answer within 0.3 seconds" in mail.error


def test_a_server_that_falls_silent_after_the_mail_gets_it_once_and_somebody_decides(server: MailServer) -> None:
    server.silent_at = "TAKEN"
    mail = write_one()
    send_due()
    assert HeldMail.objects.get().state == MailState.UNKNOWN
    HeldMail.objects.update(due_at=timezone.now())
    send_due()
    assert len(server.received) == 1

    server.silent_at = ""
    send_again(mail)
    assert send_due() == 1
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("verb", "said", "state"),
    [
        ("RCPT", "550 no such user", MailState.FAILED),
        ("RCPT", "451 try later", MailState.WAITING),
        ("DATA", "554 looks like spam", MailState.FAILED),
        ("MAIL", "553 not from you", MailState.FAILED),
        ("MAIL", "421 too busy", MailState.WAITING),
    ],
)
def test_a_refusal_is_for_good_or_for_now_and_says_what_the_server_said(server: MailServer, verb: str, said: str, state: MailState) -> None:
    server.answers[verb] = said
    write_one()
    send_due()
    mail = HeldMail.objects.get()
    assert mail.state == state
    assert said in mail.error


def test_after_ten_attempts_somebody_has_to_look(settings: Any, db: None) -> None:
    use(settings, free_port())
    write_one()
    for _ in range(ATTEMPTS):
        HeldMail.objects.update(due_at=timezone.now())
        send_due()
    assert HeldMail.objects.get().state == MailState.FAILED


def test_what_a_dying_worker_was_sending_is_not_sent_again_by_itself(server: MailServer) -> None:
    write_one()
    HeldMail.objects.update(state=MailState.SENDING, due_at=timezone.now() - timedelta(minutes=6))
    assert send_due() == 0
    assert server.received == []
    mail = HeldMail.objects.get()
    assert mail.state == MailState.UNKNOWN
    assert "worker stopped" in mail.error


def test_a_name_with_a_line_break_ends_no_header(server: MailServer) -> None:
    write_one("Join Ada\r\nBcc: everybody@else.example")
    send_due()
    mail = message_from_string(server.received[0])
    assert mail["Subject"] == "Join Ada Bcc: everybody@else.example"
    assert mail["Bcc"] is None


def test_ada_sees_that_an_invitation_did_not_go_out_and_sends_it_again(server: MailServer, ada: User, client_of: Any) -> None:
    server.answers["RCPT"] = "550 no such user"
    role, client = Role.objects.get(organization=ada.organization, key="sales-rep"), client_of(ada)
    page = client.post("/setup/people/invite/", {"email": "new@halden.example", "role": role.pk})["Location"]
    send_due()
    assert "550 no such user" in client.get(page).content.decode()
    assert "550 no such user" in client.get("/setup/mail/").content.decode()

    server.answers.clear()
    client.post(f"/setup/mail/{HeldMail.objects.get().pk}/send/")
    assert send_due() == 1
    assert "/join/" in server.received[0]
    assert "no such user" not in client.get(page).content.decode()


def test_a_held_mail_can_be_sent_when_a_server_comes_and_not_before(settings: Any, server: MailServer, ada: User, client_of: Any) -> None:
    settings.EMAIL_BACKEND = "crm.mail.backends.HeldMailBackend"
    mail = write_one()
    HeldMail.objects.update(organization=ada.organization)
    client = client_of(ada)
    client.post(f"/setup/mail/{mail.pk}/send/")
    assert send_due() == 0
    use(settings, server.port)
    assert send_due() == 0
    client.post(f"/setup/mail/{mail.pk}/send/")
    assert send_due() == 1


def test_nobody_but_the_own_administrator_sends_or_deletes_a_mail(ada: User, alice: User, charlie: User, client_of: Any) -> None:
    mail = HeldMail.objects.create(organization=ada.organization, sender="t@localhost", recipients=["x@y.example"], subject="S", body="B")
    for person, status in ((alice, 403), (charlie, 404)):
        assert client_of(person).post(f"/setup/mail/{mail.pk}/delete/").status_code == status
    assert client_of(ada).post(f"/setup/mail/{mail.pk}/delete/").status_code == 302
    assert not HeldMail.objects.exists()
