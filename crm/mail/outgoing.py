"""Sending one mail of an organization to one person: texts in templates, plain."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from crm.tenancy.models import Organization


def send_mail(template: str, to: str, context: Mapping[str, Any], *, organization: Organization) -> int:
    """Send `templates/mail/<template>.txt`: its first line is the subject, the rest the text. Returns how many went out (0 or 1).

    Links in the text begin with `base_url`. Errors of the mail server are raised.
    """
    text = render_to_string(f"mail/{template}.txt", {**context, "organization": organization, "base_url": settings.BASE_URL})
    subject, _line, body = text.strip().partition("\n")
    message: Any = EmailMessage(" ".join(subject.split()), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to])
    message.organization_id = organization.pk
    return int(message.send())


def mails_are_held() -> bool:
    """Whether no mail server is set, so that mails wait on a page."""
    return settings.EMAIL_BACKEND == "crm.mail.backends.HeldMailBackend"
