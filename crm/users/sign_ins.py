"""What the sign-in library tells: the log of sign-ins, and an address that was verified."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from crm.users.actions import keep_promise
from crm.users.addresses import client_address
from crm.users.models import Outcome, SignIn, User


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
    log_sign_in(request, Outcome.SIGNED_IN, user=user)


@receiver(authentication_failed)
def log_second_factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log_sign_in(request, Outcome.SECOND_FACTOR_FAILED, user=user)


@receiver(user_logged_out)
def log_signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        log_sign_in(request, Outcome.SIGNED_OUT, user=user)


@receiver(email_confirmed)
def begin_what_was_promised(email_address: EmailAddress, **kwargs: Any) -> None:
    """Who signed up by themselves gets the organization now: the mailbox is theirs."""
    keep_promise(email_address.user)
