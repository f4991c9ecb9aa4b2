"""From the database to the mail server: what it certainly did not take is tried again, what it perhaps took is not."""

import smtplib
import socket
import ssl
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.mail.models import HeldMail, MailState

QUEUED = "crm.mail.backends.QueuedSmtpBackend"
ATTEMPTS = 10
TAKEN, FORWARDED, FOR_GOOD = 250, 251, 500  # the answers of SMTP
LONGEST_WAIT = timedelta(hours=2)
ABANDONED_AFTER = timedelta(minutes=5)
Refusals = dict[str, tuple[int, bytes]]


def direct_connection() -> BaseEmailBackend:
    """Straight to the mail server, for senders that keep account themselves; where none is set, whatever is."""
    return EmailBackend() if settings.EMAIL_BACKEND == QUEUED else get_connection()


def send_due() -> int:
    """Send what is due, each mail once, until nothing is or the server cannot be reached. Returns how many went out."""
    _set_aside_abandoned()
    count = 0
    while (mail := _claim()) is not None:
        state = _deliver(mail)
        count += state is None
        if state == MailState.WAITING:
            break
    return count


@transaction.atomic
def send_again(mail: HeldMail) -> None:
    """Somebody decided that it did not arrive: it is due at once, with all attempts before it."""
    HeldMail.objects.filter(pk=mail.pk).exclude(state=MailState.SENDING).update(
        state=MailState.WAITING, attempts=0, error="", due_at=timezone.now()
    )


@transaction.atomic
def _claim() -> HeldMail | None:
    """The next mail that is due; once this is committed it counts as perhaps sent, so nobody sends it twice."""
    due = HeldMail.objects.filter(state=MailState.WAITING, due_at__lte=timezone.now(), raw__isnull=False)
    mail = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if mail is not None:
        mail.state, mail.due_at = MailState.SENDING, timezone.now()
        mail.save(update_fields=["state", "due_at"])
    return mail


def _deliver(mail: HeldMail) -> MailState | None:
    """Speak to the server outside any transaction, and write down how it went. None where the mail is gone."""
    server = EmailBackend()
    try:
        refused = _offer(server, mail)
    except (OSError, smtplib.SMTPException) as error:
        _close(server)
        return _refused(mail, error)
    try:
        _hand_over(server, mail)
    except smtplib.SMTPResponseException as error:
        return _refused(mail, error)
    except Exception as error:  # noqa: BLE001  # whatever else happened, the server may have taken it
        return _settle(mail, MailState.UNKNOWN, error)
    finally:
        _close(server)
    if refused:
        mail.recipients = list(refused)
        return _settle(mail, MailState.FAILED, smtplib.SMTPRecipientsRefused(refused))
    mail.delete()
    return None


def _offer(server: EmailBackend, mail: HeldMail) -> Refusals:
    """All that comes before the mail itself: what fails here was not sent. Returns the recipients that the server does not take."""
    server.open()
    smtp: Any = server.connection
    smtp.ehlo_or_helo_if_needed()
    code, said = smtp.mail(_address(mail.sender))
    if code != TAKEN:
        raise smtplib.SMTPSenderRefused(code, said, mail.sender)
    answers = {to: smtp.rcpt(_address(to)) for to in mail.recipients}
    refused = {to: answer for to, answer in answers.items() if answer[0] not in {TAKEN, FORWARDED}}
    if len(refused) == len(answers):
        raise smtplib.SMTPRecipientsRefused(refused)
    return refused


def _hand_over(server: EmailBackend, mail: HeldMail) -> None:
    smtp: Any = server.connection
    code, said = smtp.data(bytes(mail.raw or b""))
    if code != TAKEN:
        raise smtplib.SMTPDataError(code, said)


def _refused(mail: HeldMail, error: Exception) -> MailState:
    """For good (5xx), or for now."""
    for_good = _code(error) >= FOR_GOOD and not isinstance(error, smtplib.SMTPAuthenticationError)
    return _settle(mail, MailState.FAILED, error) if for_good else _try_later(mail, error)


def _try_later(mail: HeldMail, error: Exception) -> MailState:
    """It certainly did not go out, so trying again cannot double it; after ten times somebody has to look."""
    mail.attempts += 1
    mail.due_at = timezone.now() + min(timedelta(minutes=2 ** (mail.attempts - 1)), LONGEST_WAIT)
    return _settle(mail, MailState.FAILED if mail.attempts >= ATTEMPTS else MailState.WAITING, error)


def _settle(mail: HeldMail, state: MailState, error: Exception) -> MailState:
    mail.state, mail.error = state, in_words(error)[:300]
    mail.save(update_fields=["state", "error", "attempts", "due_at", "recipients"])
    return state


def _set_aside_abandoned() -> None:
    """A worker died while it spoke to the server: nobody knows whether the mail went out."""
    left: datetime = timezone.now() - ABANDONED_AFTER
    HeldMail.objects.filter(state=MailState.SENDING, due_at__lt=left).update(
        state=MailState.UNKNOWN, error=str(_("The worker stopped while it was sending this mail."))
    )


def _close(server: Any) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        server.connection = None


def _address(text: str) -> str:
    return parseaddr(text)[1] or text


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _said in error.recipients.values())
    return int(getattr(error, "smtp_code", 0))


def in_words(error: Exception) -> str:
    """What went wrong with the mail server, and where it can be mended."""
    silent = "timed out" in str(error)
    sentence = next((text for kind, text in SENTENCES if isinstance(error, kind)), _SILENT if silent else _BROKEN)
    said = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{to}: {code} {_text(text)}" for to, (code, text) in error.recipients.items())
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return str(sentence % {"server": server, "seconds": settings.EMAIL_TIMEOUT, "said": said})


_SILENT = _("The mail server %(server)s did not answer within %(seconds)s seconds.")
_BROKEN = _("The mail server %(server)s broke off: %(said)s")
_REFUSED = _("The mail server %(server)s does not take this mail: %(said)s")
SENTENCES: list[tuple[type[Exception], Any]] = [
    (smtplib.SMTPAuthenticationError, _("The mail server %(server)s does not accept the user name or password in EMAIL_URL.")),
    (smtplib.SMTPRecipientsRefused, _REFUSED),
    (smtplib.SMTPResponseException, _REFUSED),
    (TimeoutError, _SILENT),
    (ConnectionRefusedError, _("Nothing listens at the mail server %(server)s. Check EMAIL_URL.")),
    (socket.gaierror, _("The name of the mail server %(server)s is not known. Check EMAIL_URL.")),
    (ssl.SSLError, _("The mail server %(server)s does not speak the encryption in EMAIL_URL: %(said)s")),
]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
