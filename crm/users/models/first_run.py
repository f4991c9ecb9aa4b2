import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, LENGTH = 3, 4
VALID_FOR = timedelta(hours=24)


class FirstRunCode(models.Model):
    """The one code that opens the page for the first organization. Only its hash is kept; a new one replaces it.

    It works for a day: a log that somebody finds later opens nothing.
    """

    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


def make_first_run_code() -> str:
    """A new code such as "K7QM-2XPA-9DRT"; the earlier one no longer works."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
    FirstRunCode.objects.all().delete()
    FirstRunCode.objects.create(code_hash=_hash(code))
    return code


def spend_first_run_code(code: str) -> bool:
    """Whether the code was right. It is used up then, so of two at the same time one wins; in the caller's transaction."""
    return FirstRunCode.objects.filter(code_hash=_hash(code), made_at__gt=timezone.now() - VALID_FOR).delete()[0] == 1


def _hash(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(letters.encode()).hexdigest()
