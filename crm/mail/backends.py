"""Where mails go while no mail server is set."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from crm.mail.models import HeldMail
from crm.users.models import User


class HeldMailBackend(BaseEmailBackend):
    """Keeps mails in the database. A mail is of the organization in `message.organization_id`, else of its first recipient's."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        held = [_held(message) for message in email_messages if message.recipients()]
        return len(HeldMail.objects.bulk_create(held))


def _held(message: EmailMessage) -> HeldMail:
    return HeldMail(
        organization_id=getattr(message, "organization_id", None) or _organization_of(message.recipients()),
        sender=message.from_email[:320],
        recipients=[recipient[:320] for recipient in message.recipients()],
        subject=" ".join(str(message.subject).split())[:500],
        body=_text(message.body),
        attachments=[_text(getattr(attachment, "filename", None) or "attachment")[:255] for attachment in message.attachments],
    )


def _organization_of(recipients: list[str]) -> int | None:
    """Whose mail it is when the sender does not say: the organization of the only one that the recipients belong to."""
    found = set(User.objects.get_queryset().filter(email__in=recipients).values_list("organization_id", flat=True))
    return found.pop() if len(found) == 1 else None


def _text(value: object) -> str:
    """PostgreSQL stores no NUL."""
    return str(value).replace("\x00", "")
