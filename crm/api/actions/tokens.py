"""Making a token, and taking it back."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.api.models import ApiToken
from crm.api.scopes import checked
from crm.audit.log import CREATE, UPDATE, Change, log_change
from crm.lib.text import clean
from crm.users.models import User

PREFIX = "tern_"
HINT = len(PREFIX) + 4
MOST = 100


@transaction.atomic
def create_token(person: User, *, name: str, scopes: Iterable[str] = (), expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A token with which a program works as this person, and its secret, which is told here and never again.

    Reading of everything unless `scopes` say otherwise. Raises ValidationError, by field.
    """
    name = clean(name)
    _check(person, name, expires_at)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organization_id=person.own_organization_id,
        person=person,
        name=name,
        hash=hash_of(secret),
        hint=secret[:HINT],
        scopes=_scopes(scopes),
        expires_at=expires_at,
    )
    made = {"name": (None, token.name), "scopes": (None, " ".join(token.scopes)), "expires_at": (None, token.expires_at)}
    log_change(Change(token, CREATE, "apitoken.created", made), by=person)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> ApiToken:
    """Nothing is answered to it any more. The person whose it is may, and administrators of the organization. Twice is once."""
    if token.organization_id != by.organization_id or not (by.pk == token.person_id or by.is_administrator):
        raise PermissionDenied(_("Only the person whose token this is and administrators revoke it."))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        ApiToken.objects.filter(pk=token.pk, organization_id=token.organization_id).update(revoked_at=token.revoked_at)
        log_change(Change(token, UPDATE, "apitoken.revoked", {"revoked_at": (None, token.revoked_at)}), by=by)
    return token


def hash_of(secret: str) -> str:
    """A long random secret needs no slow hash: nobody guesses 256 bits."""
    return sha256(secret.encode()).hexdigest()


def _check(person: User, name: str, expires_at: datetime | None) -> None:
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = _("Give the token a name that says what it is for, such as “Website form”.")
    elif len(name) > 100:
        errors["name"] = _("This is too long. Shorten it to 100 characters.")
    if expires_at is not None and expires_at <= timezone.now():
        errors["expires_at"] = _("This is over. Choose a later day.")
    if ApiToken.objects.of(person).filter(revoked_at=None).count() >= MOST:
        errors["name"] = _("You have %(most)d tokens. Revoke one that is not used any more.") % {"most": MOST}
    if errors:
        raise ValidationError(errors)


def _scopes(scopes: Iterable[str]) -> list[str]:
    try:
        return checked(scopes)
    except ValidationError as error:
        raise ValidationError({"scopes": error.messages}) from None
