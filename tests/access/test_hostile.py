"""Hostile texts in every field, file and address: each page shows them as text, none becomes an element, an attribute or a script."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.activities.models import Activity
from crm.fields.kinds import Kind
from crm.fields.record_types import record_types
from crm.query.actions import Arrangement, create_view
from crm.records.actions import update_record
from crm.setup.actions import create_field
from crm.tenancy.models import Organization
from crm.users.models import Role, SignIn, Team, User
from customers.models import Contact, Customer, Tag
from tests.access.conftest import undone
from tests.access.rows import ROWS, World
from tests.access.test_forged import is_asked
from tests.access.test_nonsense import PARAMETERS

pytestmark = pytest.mark.usefixtures("savepoint")
HOSTILE = (Path(__file__).parent / "hostile.txt").read_text().splitlines()
"""Texts of our own, each made to break out of one context. What gets out is called tern-…, which no page of ours has."""
FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"')
URLS = ("javascript:tern()//https://x.example", "JaVaScRiPt:tern()", "data:text/html,<tern-x>", "vbscript:tern()", "\tjavascript:tern()")


class Elements(HTMLParser):
    """What a browser would make of a page, as far as it is nobody's text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.script = tag in {"script", "style"}
        names = [name for name in facts if name.startswith(("on", "tern-")) or name in {"style", "srcdoc"}]
        if "tern-" in tag or names or (tag == "script" and "src" not in facts and facts.get("type") != "application/json"):
            self.faults.append(f"<{tag} {names}>")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href"):
            value = "".join((facts.get(name) or "").split()).lower()
            if value.startswith(("javascript:", "data:", "vbscript:")):
                self.faults.append(f"<{tag} {name}={value[:40]}>")

    def handle_endtag(self, tag: str) -> None:
        self.script = False

    def handle_data(self, data: str) -> None:
        if self.script and "tern(" in data:
            self.faults.append("in a script")


def faults_of(answer: Any) -> list[str]:
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith(("application/json", "application/problem")):
        json.loads(answer.content)
        return []
    if not kind.startswith("text/html"):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return []
    return Elements(answer.content.decode()).faults


def texts() -> Iterator[str]:
    while True:
        yield from HOSTILE


@pytest.fixture(scope="module")
def hostile(standing: World, browser_of: Callable[[User], Client]) -> Iterator[World]:
    """Everything that people can name is named with one of the texts."""
    with undone():
        words = texts()
        ada = standing.people["ada"]
        create_field(record_types["customer"], "text", by=ada, label=HOSTILE[0], help=HOSTILE[2])
        for record in (standing.customer, standing.contact, *standing.activities.values()):
            filled(record, ada, words)
        for model, keys in NAMED.items():
            for number, row in enumerate(model.objects.all()):
                room = {key: f"{next(words)[: model._meta.get_field(key).max_length - 3]}{number}" for key in keys}
                model.objects.filter(pk=row.pk).update(**room)
        for person in User.objects.of_organization(ada.organization_id):
            User.objects.get_queryset().filter(pk=person.pk).update(name=next(words)[:150])
        create_view(record_types["customer"], HOSTILE[0][:60], Arrangement(columns=["name"], sort="name"), audience="all", by=ada)
        SignIn.objects.create(user=ada, email=next(words)[:254], outcome="signed_in", address="203.0.113.7", agent=HOSTILE[1][:300])
        yield standing


NAMED: dict[Any, tuple[str, ...]] = {Organization: ("name",), Team: ("name",), Role: ("name", "description"), Tag: ("name",)}
TEXTS = {Kind.TEXT, Kind.LONG_TEXT}
WRITTEN = {Kind.URL, Kind.TEXT, Kind.EMAIL, Kind.PHONE}


def filled(record: Any, by: User, words: Iterator[str]) -> None:
    """Each text field with the next one that it takes; what refuses all of them is named by the assertion."""
    kind = record_types.of(type(record))
    for key, field in kind.fields.items():
        if field.kind not in TEXTS or not field.editable_by(by):
            continue
        for _turn in range(len(HOSTILE)):
            try:
                fresh = kind.objects().get(pk=record.pk)
                most = getattr(field.column, "max_length", None) or 100
                update_record(fresh, by=by, version=fresh.version, **{key: next(words)[:most]})
                break
            except ValidationError:
                continue
    record.refresh_from_db()


def test_no_page_takes_a_stored_text_for_its_own(hostile: World, browser_of: Callable[[User], Client]) -> None:
    client, found, pages = browser_of(hostile.people["ada"]), {}, 0
    for name, row in ROWS.items():
        if row.method != "GET" or not is_asked(name):
            continue
        with undone():
            answer = client.get(reverse(name, args=row.args(hostile)))
        pages += b"tern-x" in answer.getvalue()
        if faults := faults_of(answer):
            found[name] = faults[:3]
    assert found == {}
    assert pages > 60


def test_no_page_takes_what_stands_in_its_address_for_its_own(standing: World, browser_of: Callable[[User], Client]) -> None:
    client, found, words = browser_of(standing.people["ada"]), {}, texts()
    for name, row in ROWS.items():
        if name.startswith("api:") or not is_asked(name):
            continue
        with undone():
            answer = client.get(reverse(name, args=row.args(standing)), {key: next(words) for key in PARAMETERS})
        if faults := faults_of(answer):
            found[name] = faults[:3]
    assert found == {}


def test_no_form_takes_what_is_sent_back_with_errors_for_its_own(standing: World, browser_of: Callable[[User], Client]) -> None:
    client, found, words = browser_of(standing.people["ada"]), {}, texts()
    for name, row in ROWS.items():
        if name.startswith("api:") or not is_asked(name):
            continue
        with undone():
            offered = FIELD.findall(client.get(reverse(name, args=row.args(standing))).getvalue().decode(errors="replace"))
            sent = {**dict.fromkeys(["q", "name", "value", "body", "subject"], HOSTILE[0]), **{key: next(words) for key in offered}}
            answer = client.post(reverse(name, args=row.args(standing)), sent, follow=False)
        if faults := faults_of(answer):
            found[name] = faults[:3]
    assert found == {}


@pytest.mark.parametrize("kind", ["customer", "contact"])
def test_an_address_of_a_script_is_no_link(kind: str, standing: World, browser_of: Callable[[User], Client]) -> None:
    """Refused, or shown as text."""
    ada, record = standing.people["ada"], getattr(standing, kind)
    client = browser_of(ada)
    found = record_types[kind]
    keys = [key for key, field in found.fields.items() if field.kind in WRITTEN and field.editable_by(ada)]
    for value in URLS:
        with undone():
            for key in keys:
                try:
                    fresh = found.objects().get(pk=record.pk)
                    update_record(fresh, by=ada, version=fresh.version, **{key: value})
                except (ValidationError, PermissionError):
                    continue
            assert faults_of(client.get(record.get_absolute_url())) == []
            assert faults_of(client.get(found.list_url)) == []


def test_a_hostile_file_is_read_as_text(standing: World, browser_of: Callable[[User], Client]) -> None:
    """Its name, its headings and its cells."""
    client = browser_of(standing.people["ada"])
    with undone():
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["Name", *HOSTILE])
        writer.writerows([[f"Row {n}", *HOSTILE[n:], *HOSTILE[:n]] for n in range(3)])
        file = SimpleUploadedFile("x.csv", text.getvalue().encode())
        file._name = '"><tern-x tern-y=1>.csv'  # type: ignore[attr-defined]  # as a browser may send it
        answer = client.post(reverse("import-new"), {"file": file, "record_type": "customer"})
        assert answer.status_code == 302
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200
        assert faults_of(page) == []
        assert faults_of(client.get(reverse("import-list"))) == []


def test_an_export_stays_a_table_whose_cells_no_program_runs(hostile: World, browser_of: Callable[[User], Client]) -> None:
    client = browser_of(hostile.people["ada"])
    with undone():
        wish = {"format": "csv", "columns": "every", "values": "plain", "delimiter": ","}
        answer = client.post(reverse("export-new", args=["customer"]), wish)
        content = b"".join(answer) if answer.streaming else answer.content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+1+", "\t", "\r"))]


def test_an_activity_keeps_what_was_written(hostile: World) -> None:
    assert Activity.objects.filter(subject__contains="tern").exists()
    assert Customer.objects.filter(name__contains="tern").exists()
    assert Contact.objects.filter(last_name__contains="tern").exists()
