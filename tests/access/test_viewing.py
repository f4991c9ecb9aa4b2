"""Every address as an administrator who sees Tern as alice: nothing is changed, nothing breaks, nothing of hers alone is shown."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from crm.users.models import User
from tests.access.conftest import undone
from tests.access.rows import FOREIGN, ROWS, World

pytestmark = pytest.mark.usefixtures("savepoint")
OPEN = {"account_logout", "viewing-stop"}


@pytest.fixture(scope="module")
def as_alice(standing: World, browser_of: Callable[[User], Client]) -> Iterator[Client]:
    """A browser of ada's; what breaks is an answer of 500, not an error in the test."""
    with undone():
        client = Client(raise_request_exception=False)
        client.cookies = browser_of(standing.people["ada"]).cookies
        began = client.post(reverse("person-view", args=[standing.people["alice"].pk]), {"reason": "She asked"})
        assert began.status_code == 302
        yield client


def addresses(world: World) -> dict[str, str]:
    found = {name: reverse(name, args=row.args(world)) for name, row in ROWS.items()}
    keys = {"account_confirm_email": ["a"], "account_reset_password_from_key": ["1", "a-b"]}
    keys |= {"mfa_edit_webauthn": ["1"], "mfa_remove_webauthn": ["1"]}
    return found | {name: reverse(name, args=keys.get(name, [])) for name in FOREIGN}


def test_no_method_changes_anything_anywhere(standing: World, as_alice: Client) -> None:
    """Refused before it is asked what stands at the address, so the rarer methods are tried at some."""
    for place, (name, address) in enumerate(addresses(standing).items()):
        if name in OPEN:
            continue
        for method in ("POST", "PUT", "PATCH", "DELETE") if place % 12 == 0 else ("POST",):
            status = as_alice.generic(method, address, headers={"HX-Request": "true"}).status_code
            assert status in ({401, 404, 405} if name.startswith(("api:", "api-document")) else {403}), (name, method, status)


def test_no_page_breaks_and_each_is_answered_as_for_alice(standing: World, as_alice: Client, browser_of: Callable[[User], Client]) -> None:
    """What writes when it is opened would be refused by the database: such a page answers 403 instead of what alice gets."""
    alice = browser_of(standing.people["alice"])
    closed = ("/accounts/", "/profile/", "/exports/", "/admin/", "/join/", "/first-run/")
    for name, address in addresses(standing).items():
        if name in OPEN or name.startswith("api"):
            continue
        status = as_alice.get(address).status_code
        expected = 403 if address.startswith(closed) else 0
        with undone():
            expected = expected or alice.get(address).status_code
        assert status == expected, (name, status)
