"""Where mails go first: into the database, in the transaction that wrote them. From there a worker sends them, once."""

from collections.abc import Sequence
from email.header import decode_header, make_header

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from crm.mail.models import HeldMail, MailState
from crm.users.models import User


class HeldMailBackend(BaseEmailBackend):
    """Keeps mails while no mail server is set. A mail is of the organization in `message.organization_id`, else of its recipient's."""

    state = MailState.HELD

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        stored = [_stored(message, self.state) for message in email_messages if message.recipients()]
        return len(HeldMail.objects.bulk_create(stored))


class QueuedSmtpBackend(HeldMailBackend):
    """Keeps mails until a worker has handed them to the mail server of EMAIL_URL: no page waits for it or fails with it."""

    state = MailState.WAITING

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        count = super().send_messages(email_messages)
        if count:
            transaction.on_commit(_wake, robust=True)
        return count


def _wake() -> None:
    from crm.mail.tasks import send_waiting_mails  # noqa: PLC0415  # the task sends what this module stores

    send_waiting_mails.apply_async(queue="mail", retry=False)


def _stored(message: EmailMessage, state: MailState) -> HeldMail:
    html = next((str(part[0]) for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
    is_html = message.content_subtype == "html"
    return HeldMail(
        organization_id=getattr(message, "organization_id", None) or _organization_of(message.recipients()),
        sender=message.from_email[:320],
        recipients=[recipient[:320] for recipient in message.recipients()],
        subject=_subject(message)[:500],
        body="" if is_html else _text(message.body),
        html=_text(message.body) if is_html else _text(html),
        attachments=[_text(getattr(attachment, "filename", None) or "attachment")[:255] for attachment in message.attachments],
        raw=_wire(message),
        state=state,
    )


def _subject(message: EmailMessage) -> str:
    """In one line, and readable also where it came encoded for the wire."""
    text = " ".join(_text(message.subject).split())
    return " ".join(str(make_header(decode_header(text))).split()) if "=?" in text else text


def _wire(message: EmailMessage) -> bytes:
    """The mail for the mail server. The subject is made one line, so that what was typed into a name cannot end a header."""
    message.subject = " ".join(_text(message.subject).split())
    return bytes(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own message class knows it


def _organization_of(recipients: list[str]) -> int | None:
    """Whose mail it is when the sender does not say: the organization of the only one that the recipients belong to."""
    found = set(User.objects.get_queryset().filter(email__in=recipients).values_list("organization_id", flat=True))
    return found.pop() if len(found) == 1 else None


def _text(value: object) -> str:
    """PostgreSQL stores no NUL."""
    return str(value).replace("\x00", "")
