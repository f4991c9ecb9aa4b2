"""The leak matrix: every record type × person × output path. What the rules say, by hand, against what each path lets out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.fields.record_types import record_types
from crm.records.actions import delete_record, share_record, update_record
from crm.users.models import Role, User
from tests.access.makers import MAKERS

MARK = "Zanzibar"
PEOPLE = ("alice", "bob", "dora", "mona", "ada", "sam", "mia", "rita", "charlie")
OWNERS = ("alice", "dora", "mona", "ada")
TYPES = sorted(kind.key for kind in record_types)
Path = Callable[[Client, Any], str]


def expected(person: str, owner: str) -> bool:
    """The rules by hand: alice and bob are North, dora South, mona leads both; everybody else's role sees all, charlie is a stranger."""
    if person == "charlie":
        return False
    if person in {"ada", "sam", "mia", "rita"}:
        return True
    teams = {"alice": "North", "bob": "North", "dora": "South", "mona": "Sales", "ada": ""}
    if person == "mona":
        return owner in {"alice", "dora", "mona"}
    return owner == person or (teams[owner] == teams[person] and teams[owner] != "")


def page(name: str, *args: Any, query: dict[str, str] | None = None, **headers: str) -> Callable[[Client], str]:
    return lambda client: client.get(reverse(name, args=args), query or {}, headers=headers).content.decode()


def listed(client: Client, record: Any) -> str:
    return page(f"{record._meta.model_name}-list")(client)


def filtered(client: Client, record: Any) -> str:
    return page(f"{record._meta.model_name}-list", query={"q": MARK})(client)


def detail(client: Client, record: Any) -> str:
    return page(f"{record._meta.model_name}-detail", record.pk)(client)


def edit(client: Client, record: Any) -> str:
    return page(f"{record._meta.model_name}-update", record.pk)(client)


def history(client: Client, record: Any) -> str:
    return page("record-history", record._meta.model_name, record.pk)(client)


def why(client: Client, record: Any) -> str:
    return page("record-why", record._meta.model_name, record.pk)(client)


def searched(client: Client, record: Any) -> str:
    return page("search", query={"q": MARK})(client)


def misspelt(client: Client, record: Any) -> str:
    return page("search", query={"q": "zanzbiar"})(client)


def palette(client: Client, record: Any) -> str:
    return page("search", query={"q": MARK}, **{"HX-Request": "true", "HX-Target": "pal-found"})(client)


def suggested(client: Client, record: Any) -> str:
    return page("record-suggest", record._meta.model_name, query={"q": MARK})(client)


def shared_dialog(client: Client, record: Any) -> str:
    return page("record-share", record._meta.model_name, record.pk)(client)


ALWAYS_WHEN_VISIBLE: dict[str, Path] = {
    "list": listed,
    "list search": filtered,
    "detail": detail,
    "history": history,
    "search": searched,
    "misspelt search": misspelt,
    "palette": palette,
    "suggestions": suggested,
}
ONLY_WHEN_VISIBLE: dict[str, Path] = {"edit": edit, "why": why, "share dialog": shared_dialog}


@pytest.fixture
def world(cast: dict[str, User]) -> dict[str, User]:
    return cast


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("person", PEOPLE)
def test_paths_let_out_what_the_rules_say_and_no_more(kind: str, person: str, world: dict[str, User], client_of: Any) -> None:
    records = {owner: MAKERS[kind](world[owner], f"{MARK} {owner.capitalize()}") for owner in OWNERS}
    client = client_of(world[person])
    wrong = []
    for owner, record in records.items():
        sees = expected(person, owner)
        for name, path in {**ALWAYS_WHEN_VISIBLE, **ONLY_WHEN_VISIBLE}.items():
            shown = f"{MARK} {owner.capitalize()}" in path(client, record)
            if shown and not sees:
                wrong.append(f"{name} leaks {owner}'s to {person}")
            if not shown and sees and name in ALWAYS_WHEN_VISIBLE:
                wrong.append(f"{name} withholds {owner}'s from {person}")
    assert wrong == []


@pytest.mark.parametrize("kind", TYPES)
def test_the_count_is_what_the_person_sees(kind: str, world: dict[str, User]) -> None:
    for owner in OWNERS:
        MAKERS[kind](world[owner], f"{MARK} {owner}")
    model = record_types[kind].model
    for person in PEOPLE[:-1]:
        seen = sum(expected(person, owner) for owner in OWNERS)
        assert model.objects.visible_to(world[person]).capped_count() == seen
        assert model.objects.visible_count(world[person]) == seen


@pytest.mark.parametrize("kind", TYPES)
def test_a_deleted_record_is_on_no_path(kind: str, world: dict[str, User], client_of: Any) -> None:
    record = MAKERS[kind](world["alice"], f"{MARK} Alice")
    delete_record(record, by=world["alice"])
    for name, path in {**ALWAYS_WHEN_VISIBLE, **ONLY_WHEN_VISIBLE}.items():
        for person in ("alice", "ada"):
            assert f"{MARK} Alice" not in path(client_of(world[person]), record), name


@pytest.mark.parametrize("kind", TYPES)
def test_a_share_opens_the_paths_and_no_role_opens_them_without_reach(kind: str, world: dict[str, User], client_of: Any) -> None:
    record = MAKERS[kind](world["alice"], f"{MARK} Alice")
    share_record(record, world["dora"], by=world["alice"])
    assert f"{MARK} Alice" in detail(client_of(world["dora"]), record)
    Role.objects.filter(key="sales-rep").update(reaches={})
    for name, path in {**ALWAYS_WHEN_VISIBLE, **ONLY_WHEN_VISIBLE}.items():
        assert f"{MARK} Alice" not in path(client_of(User.objects.get(pk=world["dora"].pk)), record), name


WITHHELD = "Quixotic"
SECRET = {"customer": "legal_name", "contact": "job_title", **dict.fromkeys(("task", "call", "meeting", "note", "email"), "body")}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("level", ["hidden", "masked"])
def test_a_withheld_field_is_on_no_path(kind: str, level: str, world: dict[str, User], client_of: Any) -> None:
    key, value = SECRET[kind], WITHHELD
    role = Role.objects.get(key="sales-rep")
    role.levels = {kind: {key: level}}
    role.save()
    record = MAKERS[kind](world["ada"], f"{MARK} Ada")
    update_record(record, by=world["ada"], owner=world["alice"], **{key: value})
    client = client_of(User.objects.get(pk=world["alice"].pk))
    for name, path in {**ALWAYS_WHEN_VISIBLE, **ONLY_WHEN_VISIBLE}.items():
        assert value not in path(client, record), name
    found = page("search", query={"q": value})(client)
    assert f"{MARK} Ada" not in found


def test_every_record_type_has_a_maker() -> None:
    assert set(MAKERS) == {kind.key for kind in record_types}
