"""Requests that nobody meant to send: without the form's token, with more than the form has, with an address of somebody else."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from crm.activities.models import Activity
from crm.users.models import Role, Team, User
from customers.models import Contact, Customer
from tests.access.conftest import undone
from tests.access.rows import FOREIGN, ROWS, World

pytestmark = pytest.mark.usefixtures("savepoint")
KEYS = {
    "account_confirm_email": ["a"],
    "account_reset_password_from_key": ["1", "a-b"],
    "mfa_edit_webauthn": ["1"],
    "mfa_remove_webauthn": ["1"],
}
EVIL = ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\t//evil.example/", "https:evil.example", "javascript:alert(1)"]
LEADING = ("next", "back", "return", "return_to", "url", "redirect", "redirect_to", "continue")
MORE = {
    "organization": "{other}", "organization_id": "{other}", "id": "1", "pk": "1", "is_superuser": "on", "is_staff": "on",
    "is_active": "", "is_administrator": "on", "role_id": "{role}", "team_id": "1", "created_by": "1", "created_at": "2001-01-01",
    "deleted_at": "2001-01-01", "email_verified": "on", "permissions": "*", "user_permissions": "1", "groups": "1", "custom": "{{}}",
    "person": "{stranger}", "user": "{stranger}", "actor": "1", "updated_by": "1", "password": "!",
}  # fmt: skip
"""What no form offers to alice."""


def is_asked(name: str) -> bool:
    """The workshop's tables are made by one rule: two of them stand for all."""
    return not name.startswith("admin:") or name.count("_") < 2 or "customers_customer_" in name or "users_user_" in name


def address_of(name: str, world: World) -> str:
    return reverse(name, args=ROWS[name].args(world) if name in ROWS else KEYS.get(name, []))


@pytest.fixture(scope="module")
def browser(standing: World, browser_of: Callable[[User], Client]) -> Iterator[Callable[..., Client]]:
    def of(person: str, **facts: Any) -> Client:
        client = Client(raise_request_exception=False, **facts)
        client.cookies = browser_of(standing.people[person]).cookies
        return client

    yield of


def test_no_address_takes_what_comes_without_the_forms_token(standing: World, browser: Callable[..., Client]) -> None:
    """The API takes no cookie, so nothing can be sent there in somebody's name."""
    client = browser("ada", enforce_csrf_checks=True)
    for place, name in enumerate((*ROWS, *FOREIGN)):
        for method in ("POST", "PUT", "PATCH", "DELETE") if place % 12 == 0 else ("POST",):
            status = client.generic(method, address_of(name, standing), headers={"HX-Request": "true"}).status_code
            assert status in ({401, 403, 404, 405} if name.startswith("api") else {403, 405}), (name, method, status)


def test_nobody_is_led_to_another_site(standing: World, browser: Callable[..., Client]) -> None:
    """Each address that redirects is asked to lead elsewhere; those that follow what they are told, in every spelling."""
    client, led, following = browser("ada"), 0, []

    def leads_to(name: str, place: str) -> str:
        row, url, more = ROWS.get(name), address_of(name, standing), dict.fromkeys(LEADING, place)
        headers = {"Referer": EVIL[0], "HX-Current-URL": EVIL[0]}
        with undone():
            if row is not None and row.method == "POST":
                answer = client.post(url, {**row.data(standing), **more}, headers=headers)
            else:
                answer = client.get(url, more, headers=headers)
        found = answer.headers.get("Location", "")
        parts = urlsplit(found)
        assert (parts.scheme, parts.netloc) in {("", ""), ("http", "testserver")}, (name, found)
        assert not found.startswith(("//", "/\\")), (name, found)
        return found

    for name in (*ROWS, *FOREIGN):
        if is_asked(name) and not name.startswith("api") and (found := leads_to(name, "/offline/")):
            led += 1
            if found == "/offline/":
                following.append(name)
                assert all(leads_to(name, evil) for evil in EVIL)
            else:
                leads_to(name, EVIL[1])
    assert led > 50
    assert len(following) > 3


def test_after_signing_in_nobody_is_led_to_another_site(standing: World, browser: Callable[..., Client]) -> None:
    alice = standing.people["alice"]
    alice.set_password("a-long-enough-password")
    alice.save()
    for evil in EVIL[:3]:
        for client in (Client(), browser("alice")):  # who is signed in already is led on, too
            facts = {"login": alice.email, "password": "a-long-enough-password", "next": evil}
            with undone():
                answer = client.post(reverse("account_login"), facts)
            assert answer.status_code == 302
            assert urlsplit(answer.headers["Location"]).netloc == ""
            assert "evil" not in answer.headers["Location"]


class Filled(HTMLParser):
    """What a page's forms would send as they are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {key: value or "" for key, value in attrs}
        name = facts.get("name", "")
        if tag == "input" and name and (facts.get("type") not in {"checkbox", "radio", "file", "submit"} or "checked" in facts):
            self.sent.setdefault(name, []).append(facts.get("value", "on" if facts.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in facts:
            self.sent.setdefault(self.select, []).append(facts.get("value", ""))
        elif tag == "textarea":
            self.area = name

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] = [data.lstrip("\n")]


def what_nobody_sets() -> list[Any]:
    """Who people are, and whose rows are."""
    people = User.objects.get_queryset().order_by("pk")
    whose = [model.objects.order_by("pk").values_list("pk", "organization_id", "created_by_id", "created_at") for model in RECORDS]
    rights = [Role.objects.order_by("pk").values_list("pk", "organization_id", "is_administrator", "reaches", "levels")]
    teams = [Team.objects.order_by("pk").values_list("pk", "organization_id")]
    who = people.values_list("pk", "organization_id", "role_id", "team_id", "email", "password", "is_active", "is_staff", "is_superuser")
    return [list(rows) for rows in (who, *whose, *rights, *teams)]


RECORDS: list[Any] = [Customer, Contact, Activity]
NEW = ("-create", "activity-write", "import-new")


def test_more_than_the_form_has_changes_nothing(standing: World, browser: Callable[..., Client]) -> None:
    """alice saves every form as it is, and sends beside it what would make her more than she is, or a row somebody else's."""
    client = browser("alice")
    stranger, administrator = standing.people["charlie"], standing.people["ada"]
    known = {"other": stranger.organization_id, "role": administrator.role_id, "stranger": stranger.pk}
    more = {key: value.format(**known) for key, value in MORE.items()}
    before, saved = what_nobody_sets(), 0
    for name, row in ROWS.items():
        url = address_of(name, standing)
        if name.startswith(("api", "admin", "notification", "import", "export", "search")):  # no form of facts
            continue
        with undone():
            page = client.get(url)
            form = Filled(page.content.decode()).sent if page.status_code == 200 and "html" in page.headers["Content-Type"] else {}
            answer = client.post(url, {**more, **form, **row.data(standing)})
            assert answer.status_code < 500 or name == "healthz", name
            saved += answer.status_code == 302
            after = what_nobody_sets()
        kept = [[found for found in now if found[0] in {one[0] for one in was}] for was, now in zip(before, after, strict=True)]
        assert [len(one) for one in kept] == [len(one) for one in before] or "purge" in name, name
        assert kept == before, name
        ours = {None, *[one[1] for was in before for one in was]} - {stranger.organization_id}
        new = [found for was, now in zip(before, after, strict=True) for found in now if found not in was]
        assert {found[1] for found in new} <= ours, name
    assert saved > 20


def test_the_api_refuses_fields_that_are_not_there_to_be_written(standing: World, browser_of: Callable[[User], Client]) -> None:
    client = browser_of(standing.people["alice"])
    other = standing.people["charlie"].organization_id
    for body in ({"organization": other}, {"organization_id": other}, {"id": 1}, {"created_by": 1}, {"version": 99}, {"deleted_at": None}):
        for kind, record in (("customers", standing.customer), ("contacts", standing.contact)):
            with undone():
                tag = client.get(f"/api/v1/{kind}/{record.pk}").headers["ETag"]
                changed = client.patch(f"/api/v1/{kind}/{record.pk}", body, content_type="application/json", headers={"If-Match": tag})
                made = client.post(f"/api/v1/{kind}", {"name": "x", "last_name": "x", **body}, content_type="application/json")
            assert (changed.status_code, made.status_code) == (422, 422), (kind, body)


def test_a_files_name_leads_nowhere(standing: World, browser: Callable[..., Client]) -> None:
    """What is uploaded is kept under a name of ours; what is asked for by a path outside is not there."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from crm.imports.models import Import

    client = browser("alice")
    for name in ("../../../etc/passwd", "..\\..\\evil.csv", "/etc/passwd.csv", "a\x00b.csv", "CON.csv", ".csv", "%2e%2e%2fx.csv"):
        with undone():
            file = SimpleUploadedFile("a.csv", b"Name\nVattvik\n")
            file._name = name  # type: ignore[attr-defined]  # the class would keep the last part only
            answer = client.post(reverse("import-new"), {"file": file, "record_type": "customer"})
            assert answer.status_code < 500, name
            for run in Import.objects.order_by("-pk")[:1]:
                assert "/" not in run.folder
                assert ".." not in run.folder
    for path in ("/static/../crm/config/settings.py", "/static/..%2f..%2fpyproject.toml", "/static/%2e%2e/pyproject.toml", "//etc/passwd"):
        assert client.get(path).status_code in {301, 302, 400, 404}, path
        assert b"SECRET_KEY" not in client.get(path).content
    assert settings.MEDIA_ROOT
