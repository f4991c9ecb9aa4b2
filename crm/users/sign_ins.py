"""What the sign-in library tells: the log of sign-ins, and an address that was verified."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from crm.tenancy.transaction import tenant
from crm.users.actions import keep_promise, tell_address
from crm.users.addresses import client_address
from crm.users.models import Outcome, SignIn, User
from crm.users.viewing import end_viewing_of
from crm.users.watching import watch_device


def log_sign_in(request: HttpRequest, outcome: Outcome, *, user: User | None = None, email: str = "") -> SignIn:
    """Write one line. Without `user` it belongs to whoever signs in with `email`, else to nobody."""
    if user is None and email:
        user = User.objects.get_queryset().of_address(email).first()
    return SignIn.objects.create(
        user=user,
        email=(user.email if user else email)[:254],
        outcome=outcome,
        address=client_address(request),
        agent=request.headers.get("User-Agent", "")[:300],
    )


@receiver(user_logged_in)
def log_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    watch_device(request, user)
    log_sign_in(request, Outcome.SIGNED_IN, user=user)


@receiver(authentication_failed)
def log_second_factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log_sign_in(request, Outcome.SECOND_FACTOR_FAILED, user=user)


@receiver(user_logged_out)
def log_signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        log_sign_in(request, Outcome.SIGNED_OUT, user=user)
        if user.organization is not None:
            with tenant(user.organization):
                end_viewing_of(request)


@receiver([password_changed, password_reset])
def log_new_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log_sign_in(request, Outcome.PASSWORD_CHANGED, user=user)


@receiver(authenticator_added)
def log_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        log_sign_in(request, Outcome.FACTOR_ADDED, user=user)


@receiver(authenticator_removed)
def log_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        log_sign_in(request, Outcome.FACTOR_REMOVED, user=user)


@receiver(email_changed)
def log_new_address(
    request: HttpRequest, user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    """In the person's own log, and for administrators among the changes in Setup."""
    log_sign_in(request, Outcome.EMAIL_CHANGED, user=user)
    tell_address(user, from_email_address.email if from_email_address else "", to_email_address.email)


@receiver(email_confirmed)
def begin_what_was_promised(email_address: EmailAddress, **kwargs: Any) -> None:
    """Who signed up by themselves gets the organization now: the mailbox is theirs."""
    keep_promise(email_address.user)
