"""The application that the browser talks to: served from this process over the test database, as the app role."""

from collections.abc import Iterator
from typing import Any

import pytest

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.factories.people import PASSWORD, make_cast, make_organization


@pytest.fixture
def halden(transactional_db: None) -> Organization:
    organization = make_organization("Halden Instruments", "halden")
    organization.time_zone = "Europe/Stockholm"
    organization.save()
    return organization


@pytest.fixture
def people(halden: Organization) -> dict[str, User]:
    """The cast, in a committed database; everybody signs in with tests.factories.people.PASSWORD."""
    other = make_organization("Other Ltd", "other")
    with tenant(halden):
        cast = make_cast(halden, other)
        for person in cast.values():
            if person.organization_id == halden.pk:
                person.set_password(PASSWORD)
                person.save(update_fields=["password"])
    return cast


LEFT = ("htmx:afterRequest, ", "htmx:sendError, ")
"""What htmx says of a part that was on its way when its page was left: the bell asks every half minute. Answers with a fault say more."""


def _is_a_fault(message: Any) -> bool:
    return message.type in {"error", "warning"} and not message.text.startswith(LEFT)


@pytest.fixture
def page(chromium: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """A fresh window on the application. What its console complained of is in `page.complaints`."""
    settings.ALLOWED_HOSTS = ["localhost"]
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", base_url=live_server.url)
    window = context.new_page()
    window.set_default_timeout(15_000)
    window.complaints = []
    window.on("console", lambda message: _is_a_fault(message) and window.complaints.append(message.text))
    window.on("pageerror", lambda error: window.complaints.append(str(error)))
    yield window
    context.close()
