"""Keys of another organization, in every address and in every field of every form: refused, and nothing of ours points at theirs."""

from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.fields.record_types import record_types
from crm.query.actions import Arrangement, create_view
from crm.query.models import Audience, SavedView
from crm.tenancy.models import Organization, TenantModel
from crm.tenancy.transaction import tenant
from crm.users.actions import create_team, invite_person
from crm.users.models import Role, Team, User
from customers.models import Customer
from tests.access.conftest import undone
from tests.access.rows import ROWS, World, make_world

pytestmark = pytest.mark.usefixtures("savepoint")
Browsers = Callable[[User], Client]


@pytest.fixture(scope="module")
def foreign(standing: World) -> World:
    """The same world in charlie's organization, where he plays alice and ada at once."""
    charlie = standing.people["charlie"]
    with tenant(charlie.own_organization_id):
        charlie.team = create_team("Strangers", organization=charlie.own_organization)
        charlie.save(update_fields=["team"])
        return make_world(dict.fromkeys(standing.people, charlie))


@pytest.fixture
def ada(standing: World, browser_of: Browsers) -> Client:
    return browser_of(standing.people["ada"])


def places(name: str, standing: World, foreign: World) -> list[list[Any]]:
    """The address's arguments, with each key in turn replaced by the foreign world's."""
    ours = ROWS[name].args(standing)
    with tenant(foreign.people["charlie"].own_organization_id):
        theirs = ROWS[name].args(foreign)
    return [
        [*ours[:place], theirs[place], *ours[place + 1 :]]
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if isinstance(one, int) and one != other
    ]


WITH_KEYS = sorted(name for name in ROWS if ROWS[name].args is not ROWS["home"].args and name != "join")


@pytest.mark.parametrize("name", WITH_KEYS)
def test_a_foreign_key_in_an_address_is_not_there(name: str, standing: World, foreign: World, ada: Client) -> None:
    for args in places(name, standing, foreign):
        for method in ("get", "post"):
            with undone():
                answer = getattr(ada, method)(reverse(name, args=args), ROWS[name].data(foreign) if method == "post" else {})
            assert answer.status_code in {404, 405}, (method, args)
            assert "Vattvik" not in answer.content.decode() or "Other" not in answer.content.decode()


class Form(HTMLParser):
    """The fields of a page's forms with their values, and which of them choose a row by its key."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.choosing: dict[str, str] = {}
        self._select = ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {key: value or "" for key, value in attrs}
        name = facts.get("name", "")
        if tag == "input" and name:
            self._input(name, facts)
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, [])
        elif tag == "option" and self._select:
            self._option(facts)
        elif tag == "textarea":
            self._area = name
            self.values[name] = [""]

    def _input(self, name: str, facts: dict[str, str]) -> None:
        boxes = {"checkbox", "radio"}
        if facts.get("type") not in {*boxes, "file", "submit"} or "checked" in facts:
            self.values.setdefault(name, []).append(facts.get("value", ""))
        if "list" in facts or "hx-get" in facts:
            self.choosing[name] = "names"
        elif facts.get("type") in boxes and facts.get("value", "").isdecimal():
            self.choosing[name] = "keys"

    def _option(self, facts: dict[str, str]) -> None:
        value = facts.get("value", "")
        if value.rpartition("-")[2].isdecimal():
            self.choosing[self._select] = "holders" if "-" in value else "keys"
        if "selected" in facts:
            self.values[self._select].append(value)

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][0] += data


def keys_of(foreign: World, kind: str) -> list[str]:
    """The foreign rows, as a field of this kind would choose them."""
    charlie = foreign.people["charlie"]
    if kind == "keys":
        return [str(pk) for pk in (charlie.pk, charlie.team_id, charlie.role_id, foreign.tag.pk, foreign.customer.pk)]
    if kind == "holders":
        return [f"person-{charlie.pk}", f"team-{charlie.team_id}"]
    return [*[f"{record} #{record.pk}" for record in (foreign.customer, foreign.contact)], charlie.name, charlie.email]


def strays() -> list[str]:
    """Foreign keys of our rows whose rows are not ours. Asked in our tenant, where theirs cannot be seen; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(across()), {"ours": _ours()})
        return [label for (label,) in cursor.fetchall()]


@cache
def across() -> list[str]:
    """For each foreign key between tables of tenants: its name where a row of ours points at none of ours."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.local_concrete_fields:
            target: Any = column.remote_field.model if column.remote_field else None
            if issubclass(model, TenantModel) and not model._meta.proxy and target is not None and _is_tenants(target):
                own, other = model._meta.db_table, target._meta.db_table
                parts.append(
                    f"SELECT '{model._meta.label}.{column.name}' WHERE EXISTS (SELECT FROM {own} o "  # noqa: S608  # names of models
                    f"WHERE organization_id = %(ours)s AND o.{column.column} IS NOT NULL AND NOT EXISTS (SELECT FROM {other} t "
                    f"WHERE t.id = o.{column.column} AND t.organization_id = %(ours)s))"
                )
    return parts


def _is_tenants(target: Any) -> bool:
    return target is not Organization and any(column.column == "organization_id" for column in target._meta.concrete_fields)


def _ours() -> int:
    return Organization.objects.get(slug="halden").pk


OPEN = {"healthz", "first-run", "join", "offline", "service-worker"}
FORMS = sorted(name for name, row in ROWS.items() if row.method == "GET" and name not in OPEN)
COLLIDING = frozenset({"version", "edit", "size"})


@pytest.mark.parametrize("name", FORMS)
def test_a_foreign_key_in_a_form_is_refused(name: str, standing: World, foreign: World, ada: Client) -> None:
    """The form as the page offers it, each field that chooses a row in turn with each foreign key. Ours hold no key like theirs."""
    url = reverse(name, args=ROWS[name].args(standing))
    answer = ada.get(url, headers={"HX-Request": "true"} if "-cell" in name else {})
    form = Form(answer.getvalue().decode(errors="replace") if answer.status_code == 200 else "")
    ours = {
        str(pk) for model in (User, Team, Role) for pk in model._base_manager.filter(organization_id=_ours()).values_list("pk", flat=True)
    }
    for field in form.choosing.keys() - COLLIDING:
        with undone():
            for value in set(keys_of(foreign, form.choosing[field])) - ours:
                ada.post(url, {**form.values, field: value})
            assert strays() == [], field


def test_strays_would_be_found(standing: World, foreign: World) -> None:
    """The check above sees a row that points across: written past the actions here."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET parent_id = %s WHERE id = %s", [foreign.customer.pk, standing.customer.pk])
    assert strays() == ["customers.Customer.parent"]


def test_forms_that_need_something_to_be_valid_refuse_too(standing: World, foreign: World, ada: Client) -> None:
    """Each in its one valid form but for the foreign key: otherwise another mistake would hide that it is taken."""
    charlie, alice = foreign.people["charlie"], standing.people["alice"]
    record = ["customer", standing.customer.pk]
    role, team = str(alice.role_id), str(alice.team_id)
    stranger = foreign.contact.pk
    reference = f"{foreign.customer} #{foreign.customer.pk}"
    posts: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("customer-create", [], {"name": "New", "kind": "company", "owner": charlie.pk}),
        ("customer-create", [], {"name": "New", "kind": "company", "team": charlie.team_id}),
        ("customer-create", [], {"name": "New", "kind": "company", "parent": reference}),
        ("customer-create", [], {"name": "New", "kind": "company", "tags": [foreign.tag.pk]}),
        ("contact-create", [], {"last_name": "New", "customer": reference}),
        ("record-share", record, {"holder": f"person-{charlie.pk}", "right": "view"}),
        ("record-share", record, {"holder": f"team-{charlie.team_id}", "right": "change"}),
        ("record-share", record, {"remove": f"person-{charlie.pk}"}),
        ("customer-relate", [standing.customer.pk], {"kind": "partner", "other": reference}),
        ("person-invite", [], {"email": "new@halden.example", "role": charlie.role_id, "team": team}),
        ("person-invite", [], {"email": "new@halden.example", "role": role, "team": charlie.team_id}),
        ("person", [alice.pk], {"name": "Alice", "role": charlie.role_id, "team": team}),
        ("person", [alice.pk], {"name": "Alice", "role": role, "team": charlie.team_id}),
        ("person-deactivate", [alice.pk], {"to": charlie.pk}),
        ("team", [alice.team_id], {"name": "North", "parent": charlie.team_id}),
        ("team-list", [], {"name": "New", "parent": charlie.team_id}),
        ("task-create", [], {"subject": "New", "owner": charlie.pk}),
        ("activity-write", [*record, "note"], {"body": f"@{charlie.name} look", "mentions": [charlie.pk]}),
        (
            "activity-write",
            [*record, "meeting"],
            {"subject": "New", "at": "2026-12-01T10:00", "participants": [f"contact:{stranger}"]},
        ),
        ("import-new", [], {"record_type": "customer", "owner": charlie.pk}),
    ]
    for name, args, data in posts:
        with undone():
            answer = ada.post(reverse(name, args=args), data)
            assert strays() == [], (name, data)
            assert answer.status_code < 500
            assert not Customer.objects.filter(parent_id=foreign.customer.pk).exists()
    assert User.objects.get(pk=alice.pk).is_active


def test_a_foreign_view_is_neither_shown_nor_changed(standing: World, foreign: World, ada: Client) -> None:
    charlie = foreign.people["charlie"]
    with tenant(charlie.own_organization_id):
        view = create_view(record_types["customer"], "Secret plan", Arrangement(), audience=Audience.ALL, by=charlie)
    assert "Secret plan" not in ada.get("/customers/", {"view": view.pk}).content.decode()
    for verb in ("change", "delete", "up", "down"):
        assert ada.post(reverse("saved-views", args=["customer"]), {verb: view.pk, "name": "Mine"}).status_code == 404
    with tenant(charlie.own_organization_id):
        assert SavedView.objects.get(pk=view.pk).name == "Secret plan"


@pytest.mark.parametrize("field", ["owner", "team", "parent", "tags", "created_by"])
def test_a_filter_names_nothing_foreign(field: str, standing: World, foreign: World, ada: Client) -> None:
    charlie = foreign.people["charlie"]
    keys = {"owner": charlie.pk, "created_by": charlie.pk, "team": charlie.team_id, "parent": foreign.customer.pk, "tags": foreign.tag.pk}
    for operator in ("is", "any_of", "has_any", "none_of"):
        for query in ({"f": f"{field}:{operator}:{keys[field]}"}, {"edit": "0", "f": f"{field}:{operator}:{keys[field]}"}):
            text = ada.get("/customers/", query).content.decode()
            assert "Charlie" not in text
            assert "Strangers" not in text
    assert "Charlie" not in ada.get(reverse("record-why", args=["customer", standing.customer.pk]), {"person": charlie.pk}).content.decode()


def test_an_invitation_of_ours_is_no_door_to_theirs(standing: World, foreign: World) -> None:
    from django.core.exceptions import PermissionDenied, ValidationError

    with pytest.raises((PermissionDenied, ValidationError)):
        invite_person("eve@halden.example", role=foreign.people["charlie"].role, by=standing.people["ada"])  # type: ignore[arg-type]
