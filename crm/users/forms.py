"""The sign-in library's forms where ours are stricter."""

import hashlib

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.core.cache import cache

REMEMBERED = 120


class _UsedOnce(forms.Form):
    """A code is accepted once. The library remembers it for 30 seconds; with a clock a step off it is valid for 90."""

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # of the library's form beside it
        digest = hashlib.sha256(code.encode()).hexdigest()
        if not cache.add(f"second-factor-used:{self.user.pk}:{digest}", 1, timeout=REMEMBERED):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateOnceForm(_UsedOnce, AuthenticateForm):  # type: ignore[misc]  # the library has no types
    pass


class ReauthenticateOnceForm(_UsedOnce, ReauthenticateForm):  # type: ignore[misc]
    pass
