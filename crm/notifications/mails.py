"""Notifications by e-mail, at most once: armed and committed before the server is spoken to, never sent again by itself."""

import smtplib
import socket
import zoneinfo
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from crm.mail.sending import direct_connection
from crm.notifications.actions.notify import MAIL
from crm.notifications.due import schedule, when_due
from crm.notifications.models import Channel, DueItem, MailState, NotificationMail
from crm.notifications.preferences import channel_of
from crm.notifications.wording import worded
from crm.tenancy.transaction import tenant
from crm.users.models import User

PROVABLY_UNSENT = (
    ConnectionRefusedError,
    socket.gaierror,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
)
ABANDONED_AFTER = timedelta(minutes=5)
ATTEMPTS = 5


@when_due(MAIL, slow=True)
def arm(item: DueItem) -> Any:
    """Claim a waiting mail: once this is committed it counts as perhaps sent."""
    mail = NotificationMail.objects.select_for_update().filter(organization_id=item.organization_id, pk=item.record_id).first()
    if mail is None or mail.state != MailState.WAITING:
        return None
    message = _message(mail) if _is_wanted(mail) else None
    mail.state = MailState.ARMED if message else MailState.SETTLED
    mail.save(update_fields=["state", "changed_at"])
    return partial(_send, item.organization_id, mail.pk, message) if message else None


def _is_wanted(mail: NotificationMail) -> bool:
    person: User = mail.notification.person
    return person.is_active and channel_of(person, mail.notification.kind) == Channel.MAIL


def _message(mail: NotificationMail) -> EmailMessage | None:
    """The mail in the words, the hours and under the rights of its reader; None where the record has gone out of sight."""
    person: User = mail.notification.person
    language = person.language or (person.organization.language if person.organization else "en")
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(person.zone_name)):
        shown = worded([mail.notification], person)[0]
        if not shown.url:
            return None
        text = render_to_string("notifications/mail.txt", {"shown": shown, "person": person, "base_url": settings.BASE_URL})
    subject = " ".join(shown.text.split())[:200]
    headers = {"Message-ID": f"<notification-{mail.pk}.{mail.organization_id}@tern>"}
    return EmailMessage(subject, text, to=[person.email], headers=headers, connection=direct_connection())


def _send(organization_id: int, pk: int, message: EmailMessage) -> None:
    """Speak to the server, outside any transaction, and write down how it went. What fails before the mail itself was not sent."""
    server = message.connection = message.connection or direct_connection()
    try:
        server.open()
    except Exception as error:  # noqa: BLE001  # nothing has been handed over yet
        return _try_later(organization_id, pk, _words(error))
    try:
        message.send()
    except PROVABLY_UNSENT as error:
        _try_later(organization_id, pk, _words(error))
    except Exception as error:  # noqa: BLE001  # whatever else happened, the server may have taken it
        _settle(organization_id, pk, MailState.UNKNOWN, _words(error))
    else:
        _settle(organization_id, pk, MailState.SENT, "")
    finally:
        _hang_up(server)
    return None


def _hang_up(server: BaseEmailBackend) -> None:
    with suppress(Exception):  # it is written down how it went, a good-bye changes nothing
        server.close()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _settle(organization_id: int, pk: int, state: MailState, error: str) -> None:
    with tenant(organization_id):
        NotificationMail.objects.filter(organization_id=organization_id, pk=pk).update(
            state=state, error=error[:300], changed_at=timezone.now()
        )


def _try_later(organization_id: int, pk: int, error: str) -> None:
    """It certainly did not go out, so trying again cannot double it; after a few times somebody has to look."""
    with tenant(organization_id):
        mail = NotificationMail.objects.get(organization_id=organization_id, pk=pk)
        mail.attempts += 1
        mail.error = error[:300]
        mail.state = MailState.FAILED if mail.attempts >= ATTEMPTS else MailState.WAITING
        mail.save()
        if mail.state == MailState.WAITING:
            schedule(MAIL, organization_id=organization_id, record_id=pk, wait=timedelta(minutes=2**mail.attempts))


def uncertain_mails(organization_id: int | None) -> Any:
    """Mails of which nobody knows whether they went out, and those that certainly did not; the newest first."""
    left = timezone.now() - ABANDONED_AFTER
    mails = NotificationMail.objects.filter(organization_id=organization_id or 0)
    listed = mails.filter(state__in=[MailState.UNKNOWN, MailState.FAILED]) | mails.filter(state=MailState.ARMED, changed_at__lt=left)
    return listed.select_related("notification__person").order_by("-changed_at")


@transaction.atomic
def send_again(mail: NotificationMail) -> None:
    """A person decided that it did not arrive."""
    NotificationMail.objects.filter(pk=mail.pk).update(state=MailState.WAITING, error="", changed_at=timezone.now())
    schedule(MAIL, organization_id=mail.organization_id, record_id=mail.pk)


def set_aside(mail: NotificationMail) -> None:
    """A person decided that nothing more is to be done."""
    NotificationMail.objects.filter(pk=mail.pk).update(state=MailState.SETTLED, changed_at=timezone.now())
