"""What a new organization starts with: each floor gives its own part, this one knows none of them.

beginnings.register(begin_pipelines)
"""

from collections.abc import Callable

from django.utils import translation

from crm.tenancy.models import Organization

Beginning = Callable[[Organization], None]
_beginnings: list[Beginning] = []


def register(*given: Beginning) -> None:
    """Call these for each new organization, inside its tenant and in its language."""
    _beginnings.extend(one for one in given if one not in _beginnings)


def begin(organization: Organization) -> None:
    """Give a new organization its first rows."""
    with translation.override(organization.language):
        for give in _beginnings:
            give(organization)
