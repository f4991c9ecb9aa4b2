"""No address breaks, whatever is written into it: digits that are no numbers, keys that no row can have, NUL, broken UTF-8, wrong forms."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from crm.users.models import User
from tests.access.conftest import undone
from tests.access.rows import FOREIGN, ROWS, World

pytestmark = pytest.mark.usefixtures("savepoint")
NONSENSE = ["%C2%B2", "9223372036854775808", "1" * 5000, "%ff%fe%ED%A0%80", "%3Cscript%3E%27%22%25_%5C:is::,"]
BIG = ["2147483648", "9223372036854775808", "1" * 5000]
PARAMETERS = [
    "q",
    "sort",
    "f",
    "g",
    "match",
    "c",
    "cols",
    "view",
    "after",
    "before",
    "n",
    "size",
    "edit",
    "add",
    "field",
    "op",
    "v",
    "v2",
    "days",
    "person",
    "by",
    "show",
    "on",
    "type",
    "page",
    "rows",
    "next",
    "from",
    "index",
    "version",
    "kind",
    "of",
    "since",
    "list",
    "at",
    "day",
    "week",
    "month",
    "status",
    "role",
    "team",
    "to",
]  # noqa: SIM905


@pytest.fixture(scope="module")
def ada(standing: World, browser_of: Callable[[User], Client]) -> Iterator[Client]:
    """The browser of somebody who may open nearly everything; what breaks is an answer of 500, not an error in the test."""
    client = browser_of(standing.people["ada"])
    client.raise_request_exception = False
    yield client


def address(name: str, world: World) -> str:
    return reverse(name, args=ROWS[name].args(world))


def broken(client: Client, url: str, method: str = "GET", data: Any = None, **headers: str) -> str:
    """ "" or the address that answered with 500. Each in a savepoint: nothing it writes stays."""
    with undone():
        answer = client.post(url, data or {}, headers=headers) if method == "POST" else client.get(url, headers=headers)
    return f"{method} {url[:200]} {data or ''}" if answer.status_code >= 500 and answer.status_code != 503 else ""


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_query_of_nonsense_breaks_no_address(name: str, standing: World, ada: Client) -> None:
    """All parameters a digit that is no number, all a key that no row can have, and each something else than its neighbour."""
    url, found = address(name, standing), []
    for values in (NONSENSE[:1], NONSENSE[1:2], NONSENSE[2:]):
        query = "&".join(f"{key}={values[place % len(values)]}" for place, key in enumerate(PARAMETERS))
        found.append(broken(ada, f"{url}?{query}", ROWS[name].method))
    found += [broken(ada, f"{url}?{quote('²')}=1&q=a%00b&%ff=%fe&=&&", ROWS[name].method, **{"HX-Request": "true"})]
    assert [url for url in found if url] == []


@pytest.mark.parametrize("name", sorted(name for name in ROWS if ROWS[name].args is not ROWS["home"].args))
def test_a_path_of_nonsense_breaks_no_address(name: str, standing: World, ada: Client) -> None:
    url, found = address(name, standing), []
    for part in set(re.findall(r"(?<=/)[^/]+(?=/)", url)):
        for value in BIG if part.isdecimal() else NONSENSE:
            found.append(broken(ada, url.replace(f"/{part}/", f"/{value}/", 1), ROWS[name].method))
    assert [url for url in found if url] == []


FORM_FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
WRONG = ["", "²", "9223372036854775808", "a\x00b\ufffd\u202e", "1e999", "0001-01-01T00:00"]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_form_of_nonsense_breaks_no_address(name: str, standing: World, ada: Client) -> None:
    """Every field that the page offers, and those that others of its kind know, three times with wrong values, each with others."""
    url = address(name, standing)
    with undone():
        offered = ada.get(url, headers={"HX-Request": "true"} if "-cell" in name else {})
    text = offered.getvalue().decode(errors="replace") if offered.status_code == 200 else ""
    keys = set(FORM_FIELD.findall(text)) - {"csrfmiddlewaretoken"} | set(ROWS[name].data(standing)) | KNOWN
    found = [
        broken(ada, url, "POST", {key: WRONG[(place + turn) % len(WRONG)] for place, key in enumerate(sorted(keys))}, **headers)
        for turn, headers in ((0, {}), (2, {"HX-Request": "true"}), (4, {}))
    ]
    assert [url for url in found if url] == []


KNOWN = frozenset(
    [
        "field",
        "entry",
        "value",
        "version",
        "name",
        "list",
        "change",
        "delete",
        "up",
        "down",
        "holder",
        "right",
        "remove",
        "body",
        "subject",
        "at",
        "end_at",
        "days",
        "to",
        "ids",
        "tag",
    ]
)


@pytest.mark.parametrize("name", FOREIGN)
def test_the_pages_of_the_log_in_do_not_break(name: str, ada: Client) -> None:
    with_keys = {"account_confirm_email": ["a"], "account_reset_password_from_key": ["1", "a-b"]}
    keys = {"mfa_edit_webauthn": [2**40], "mfa_remove_webauthn": [2**40]}
    url = reverse(name, args=(with_keys | keys).get(name, []))
    stranger = Client(raise_request_exception=False)
    found = [broken(who, f"{url}?next={value}&q={value}") for who in (ada, stranger) for value in ("a%00b", "%ff", "%C2%B2", "1" * 30)]
    found += [
        broken(stranger, url, "POST", dict.fromkeys(("login", "password", "email", "code", "key"), value)) for value in ("a\x00b", "²")
    ]
    assert [url for url in found if url] == []
