"""The sidebar as data: who sees what, which entry is lit, and what it costs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import RequestFactory

from crm.tenancy.models import Organization
from crm.ui import navigation
from crm.ui.checks import check_navigation
from crm.ui.navigation import Command, Group, NavigationItem
from crm.ui.shell import Shell
from crm.users.models import Theme, User


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty navigation for the test alone."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_commands", {})
    yield


@pytest.fixture
def bob() -> User:
    """Not saved: nothing here may ask the database."""
    return User(id=2, name="Bob Berg", email="bob@halden.example", organization=Organization(id=1, name="Halden"), theme=Theme.DARK)


def shell_at(path: str, user: Any) -> Shell:
    request = RequestFactory().get(path)
    request.user = user
    return Shell(request)


def item(label: str, url_name: str, group: Group = Group.SELL, **facts: Any) -> NavigationItem:
    return NavigationItem(label, url_name, "users", group, **facts)


def test_bob_sees_groups_in_their_order_and_only_what_he_may(registry: None, bob: User) -> None:
    navigation.register(
        item("Offline", "offline", Group.MANAGE),
        item("Theme", "theme", Group.SELL, order=2),
        item("Sign in", "account_login", Group.SELL, order=1),
        item("Secret", "account_logout", Group.SELL, visible=lambda user: False),
    )
    groups = shell_at("/", bob).groups
    assert [(group.key, [link.label for link in group.links]) for group in groups] == [
        ("sell", ["Sign in", "Theme"]),
        ("manage", ["Offline"]),
    ]


def test_the_deepest_entry_above_the_page_is_lit_and_only_that_one(registry: None, bob: User) -> None:
    navigation.register(
        item("Sessions", "usersessions_list"), item("Password", "account_change_password"), item("Sign in", "account_login")
    )
    lit = [link.label for group in shell_at("/accounts/password/change/now/", bob).groups for link in group.links if link.active]
    assert lit == ["Password"]


def test_a_fragment_counts_nothing(registry: None, alice: User) -> None:
    asked: list[User] = []

    def counted(user: User) -> QuerySet[Any]:
        asked.append(user)
        return User.objects.filter(pk=user.pk)

    navigation.register(item("Tickets", "offline", counted=counted, late="late"))
    shell = shell_at("/", alice)
    assert shell.theme == ""
    assert asked == []
    assert [link.count for group in shell.groups for link in group.links] == [1]
    assert [link.count for group in shell.groups for link in group.links] == [1]
    assert asked == [alice]


def test_nothing_to_count_shows_no_number(registry: None, alice: User) -> None:
    navigation.register(item("Tickets", "offline", counted=lambda user: User.objects.none()))
    assert shell_at("/", alice).groups[0].links[0].count is None


def test_all_entries_are_counted_in_one_statement(registry: None, alice: User, mona: User, django_assert_num_queries: Any) -> None:
    navigation.register(
        item("Mine", "offline", counted=lambda user: User.objects.filter(pk=user.pk)),
        item("All", "search", counted=lambda user: User.objects.filter(organization_id=user.organization_id, pk__in=[alice.pk, mona.pk])),
    )
    with django_assert_num_queries(1):
        assert [link.count for group in shell_at("/", alice).groups for link in group.links] == [1, 2]


def test_nobody_signed_in_has_no_navigation(registry: None) -> None:
    navigation.register(item("Tickets", "offline"))
    shell = shell_at("/", None)
    assert (shell.groups, shell.commands, shell.theme, shell.single_keys) == ([], [], "", False)


def test_an_entry_without_a_page_fails_the_check(registry: None) -> None:
    navigation.register(item("Nowhere", "no-such-page"))
    navigation.register_command(Command("New nothing", "no-such-page", "plus"))
    assert [message.id for message in check_navigation(None)] == ["ui.E001", "ui.E001"]


def test_every_registered_entry_leads_somewhere_and_has_an_icon() -> None:
    from crm.ui.icons import icon_names

    assert check_navigation(None) == []
    entries = [*navigation.registered_items(), *navigation.registered_commands()]
    assert {entry.icon for entry in entries} - icon_names() == set()


def test_no_two_entries_share_a_key() -> None:
    for keys in (
        [entry.shortcut for entry in navigation.registered_items() if entry.shortcut],
        [entry.shortcut for entry in navigation.registered_commands() if entry.shortcut],
    ):
        assert len(keys) == len(set(keys))
