"""The leak matrix: every record type × person × output path. What the rules say, by hand, against what each path lets out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from crm.fields.record_types import record_types
from crm.records.actions import delete_record, share_record, update_record
from crm.users.models import Role, User
from tests.access.conftest import undone
from tests.access.makers import MAKERS
from tests.access.paths import MARK, PATHS, Path, page, prepared
from tests.access.rows import ROWS
from tests.access.workshop import names_without_records

PEOPLE = ("alice", "bob", "dora", "mona", "ada", "sam", "mia", "rita", "charlie")
OWNERS = ("alice", "dora", "mona", "ada")
SEES_ALL = frozenset({"ada", "sam", "mia", "rita"})
TYPES = sorted(kind.key for kind in record_types)
Browsers = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("savepoint")


def expected(person: str, owner: str) -> bool:
    """The rules by hand: alice and bob are North, dora South, mona leads both; everybody else's role sees all, charlie is a stranger."""
    if person == "charlie":
        return False
    if person in SEES_ALL:
        return True
    teams = {"alice": "North", "bob": "North", "dora": "South", "mona": "Sales", "ada": ""}
    if person == "mona":
        return owner in {"alice", "dora", "mona"}
    return owner == person or (teams[owner] == teams[person] and teams[owner] != "")


@pytest.fixture(scope="module", autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before, configured.MEDIA_ROOT = configured.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    yield
    configured.MEDIA_ROOT = before


@pytest.fixture(scope="module", params=TYPES)
def records(request: pytest.FixtureRequest, stage: dict[str, User], browser_of: Browsers) -> Iterator[dict[str, Any]]:
    """One record of the type for each owner, with all that the paths need: a view, a follower, a file to import."""
    with undone():
        made = {owner: MAKERS[request.param](stage[owner], f"{MARK} {owner.capitalize()}") for owner in OWNERS}
        prepared(record_types[request.param], made, stage)
        yield made


def offered(record: Any) -> dict[str, Path]:
    """The paths that exist for records of this type."""
    return {name: path for name, path in PATHS.items() if path.exists_for(record._meta.model_name)}


@pytest.mark.parametrize("person", PEOPLE)
def test_paths_let_out_what_the_rules_say_and_no_more(
    person: str, records: dict[str, Any], stage: dict[str, User], browser_of: Browsers
) -> None:
    client, wrong = browser_of(stage[person]), []
    owners = OWNERS if person not in SEES_ALL else ("alice",)
    for name, path in offered(records["alice"]).items():
        pages = {owner: path.ask(client, records[owner], stage[person]) for owner in owners} if path.of_one else {}
        together = "" if path.of_one else path.ask(client, records["alice"], stage[person])
        for owner in owners:
            shown, sees = f"{MARK} {owner.capitalize()}" in pages.get(owner, together), expected(person, owner)
            if shown and not sees:
                wrong.append(f"{name} leaks {owner}'s to {person}")
            if not shown and sees and path.always:
                wrong.append(f"{name} withholds {owner}'s from {person}")
    assert wrong == []


def test_the_count_is_what_the_person_sees(records: dict[str, Any], stage: dict[str, User]) -> None:
    model = type(records["alice"])
    for person in PEOPLE[:-1]:
        seen = sum(expected(person, owner) for owner in OWNERS)
        assert model.objects.visible_to(stage[person]).capped_count() == seen
        assert model.objects.visible_count(stage[person]) == seen


def test_a_deleted_record_is_on_no_path_but_the_recycle_bin(records: dict[str, Any], stage: dict[str, User], browser_of: Browsers) -> None:
    """There it is for who deleted it and for who could have."""
    record = delete_record(type(records["alice"]).objects.get(pk=records["alice"].pk), by=stage["alice"])
    for person, restores in (("alice", True), ("ada", True), ("dora", False), ("sam", False), ("charlie", False)):
        for name, path in offered(record).items():
            if restores or name == "recycle bin":
                shown = f"{MARK} Alice" in path.ask(browser_of(stage[person]), record, stage[person])
                assert shown == (restores and name == "recycle bin"), (name, person)


def test_a_share_opens_the_paths_and_no_role_opens_them_without_reach(
    records: dict[str, Any], stage: dict[str, User], browser_of: Browsers
) -> None:
    record, dora = records["alice"], stage["dora"]
    share_record(type(record).objects.get(pk=record.pk), dora, by=stage["alice"])
    for name, path in offered(record).items():
        assert f"{MARK} Alice" in path.ask(browser_of(dora), record, dora) or not path.always, name
    Role.objects.filter(key="sales-rep").update(reaches={})
    for name, path in offered(record).items():
        assert f"{MARK} Alice" not in path.ask(browser_of(dora), record, User.objects.get(pk=dora.pk)), name


WITHHELD = "Quixotic"
SECRET = {
    "customer": "legal_name",
    "contact": "job_title",
    "opportunity": "next_step",
    **dict.fromkeys(("task", "call", "meeting", "note", "email"), "body"),
}


@pytest.mark.parametrize("level", ["hidden", "masked"])
def test_a_withheld_field_is_on_no_path(level: str, records: dict[str, Any], stage: dict[str, User], browser_of: Browsers) -> None:
    kind = records["alice"]._meta.model_name
    role = Role.objects.get(key="sales-rep")
    role.levels = {kind: {SECRET[kind]: level}}
    role.save()
    record = type(records["ada"]).objects.get(pk=records["ada"].pk)
    changes: dict[str, Any] = {"owner": stage["alice"], SECRET[kind]: WITHHELD}
    update_record(record, by=stage["ada"], **changes)
    client = browser_of(stage["alice"])
    for name, path in offered(record).items():
        assert WITHHELD not in path.ask(client, record, User.objects.get(pk=stage["alice"].pk)), name
    assert f"{MARK} Ada" not in page("search", query={"q": WITHHELD})(client)


def test_every_record_type_has_a_maker() -> None:
    assert set(MAKERS) == {kind.key for kind in record_types}


WITHOUT_RECORDS = names_without_records() | frozenset(
    """healthz offline service-worker first-run join setup setup-changes profile own-sign-ins operator-mail organization person-list
    person-invite person person-deactivate invitation team-list team role-list role-new role role-duplicate sign-in-list held-mail-list
    field field-list field-new field-remove person-view access-notice-list
    tag-list notification-bell notification-uncertain job-list job-detail import-match import-choices import-refused
    contact-point-add contact-point-change contact-role-add contact-role-change record-purge
    help help-page help-image home-arrange role-home
    tag-change tag-remove customer-relate colleague-suggest mention-suggest notification-preferences
    api:api-root api-document api-docs own-tokens own-calendar api-token-list api:jobs-list_jobs api:jobs-retrieve_job
    api:imports-list_imports api:imports-retrieve api:exports-list_exports api:exports-retrieve""".split()  # noqa: SIM905
)
"""Pages on which no record's name stands, and those that stand behind one of the paths: the matrix of addresses holds their rights."""


def test_every_page_is_a_path_of_the_matrix_or_said_to_show_no_record() -> None:
    """A new address that is neither walked by a path nor named above fails."""
    walked = {name for path in PATHS.values() for kind in TYPES for name in path.addresses(kind)}
    pages = {name for name, row in ROWS.items() if row.method == "GET"}
    assert sorted(pages - walked - WITHOUT_RECORDS) == []
    assert sorted(WITHOUT_RECORDS - pages) == []
