"""What a new organization does first, read off its data: each room registers its own steps."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from crm.users.models import User


@dataclass(frozen=True)
class FirstStep:
    """`is_done` asks the organization of an administrator; `url_name` is where the step is taken."""

    key: str
    label: str | Promise
    why: str | Promise
    url_name: str
    is_done: Callable[[User], bool]
    order: int = 50


_steps: dict[str, FirstStep] = {}


def register(*steps: FirstStep) -> None:
    """Add steps. The same key again replaces the earlier one."""
    _steps.update({step.key: step for step in steps})


def first_steps_of(user: User) -> list[tuple[FirstStep, str, bool]]:
    """Each step with its address and whether it is done; none for who does not administer, once all are done or the list was closed."""
    organization = user.organization
    if organization is None or not user.is_administrator or organization.first_steps_closed:
        return []
    steps = [(step, reverse(step.url_name), step.is_done(user)) for step in sorted(_steps.values(), key=lambda step: step.order)]
    return [] if all(done for _step, _url, done in steps) else steps
