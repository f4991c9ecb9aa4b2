"""How often a token may ask. Counted in Valkey by the minute; where that is out of reach, nobody is refused."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.api.models import ApiToken
from crm.api.problems import Problem
from crm.lib.counters import increased
from crm.users.addresses import client_address

WINDOW = 60
FAILURES = 60
"""Unknown tokens of one address in a minute."""


@dataclass(frozen=True)
class Limit:
    """How many requests a minute holds, how many are left, and in how many seconds the next one begins."""

    most: int
    left: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {"RateLimit-Limit": str(self.most), "RateLimit-Remaining": str(self.left), "RateLimit-Reset": str(self.reset)}


def counted(token: ApiToken) -> Limit:
    """One request more of this token. Raises Problem 429 where it was too many."""
    return _counted(f"token:{token.pk}", settings.API_REQUESTS_PER_MINUTE)


def failed_too_often(request: HttpRequest) -> None:
    """One unknown token more from this address. Raises Problem 429 where they were too many."""
    _counted(f"unknown:{client_address(request)}", FAILURES)


def _counted(name: str, most: int) -> Limit:
    now = int(time.time())
    reset = WINDOW - now % WINDOW
    used = increased(f"tern:api:{name}:{now // WINDOW}", seconds=2 * WINDOW)
    limit = Limit(most, max(0, most - used), reset)
    if used > most:
        text = _("Too many requests. Wait %(seconds)d seconds.") % {"seconds": reset}
        raise Problem(429, text, headers={**limit.headers, "Retry-After": str(reset)})
    return limit
