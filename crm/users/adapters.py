"""What Tern decides in the sign-in library: who may join, where people come from, what is logged, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.lib.encryption import decrypt, encrypt
from crm.users.addresses import client_address
from crm.users.models import Outcome, User
from crm.users.sign_ins import log_sign_in

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Joining is by invitation unless TERN_SIGNUP is on. Failed attempts are logged; mails know their organization."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off. An administrator of your organization can switch it on again."),
        "email_password_mismatch": _("E-mail address and password do not match. Check both, or ask for a new password."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or ask for a new password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many requests. Wait a minute."),
        "email_taken": _("Somebody signs in with this address already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Verified together with what follows from it, or not at all."""
        with transaction.atomic():
            return bool(super().confirm_email(request, email_address))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """The mail carries the organization of whom it is about, for the page of held mails."""
        message: Any = super().render_mail(template_prefix, email, context, headers)
        message.organization_id = getattr(context.get("user"), "organization_id", None)
        return message  # type: ignore[no-any-return]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            log_sign_in(request, Outcome.LOCKED_OUT, email=str(credentials.get("email", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log_sign_in(request, Outcome.WRONG_PASSWORD, email=str(credentials.get("email", "")))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        log_sign_in(request, Outcome.SWITCHED_OFF, user=user)
        return super().respond_user_inactive(request, user)  # type: ignore[no-any-return]


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Secrets of authenticator apps and recovery codes lie encrypted; the last factor stays where one is needed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not valid. Enter the newest one of your authenticator app, or an unused recovery code."),
        "cannot_delete_authenticator": _("You need a second factor here. Set up another one before you remove this one."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: User = authenticator.user
        if not user.needs_second_factor or authenticator.type not in FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=authenticator.pk)
        return bool(others.exists())


def has_second_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())
