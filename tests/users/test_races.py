"""Two people at the same moment: an organization keeps an administrator, a tree stays a tree, an invitation makes one person."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import accept_invitation, change_person, change_team, create_organization, create_team, invite_person
from crm.users.models import Invitation, Role, Team, User
from tests.factories.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def halden() -> Organization:
    return create_organization("Halden Instruments", "halden")


def at_once(organization: Organization, *actions: Callable[[], object]) -> list[str]:
    """Run each in a thread and a transaction of its own. What happened, as sorted words: "done" or the error's class."""
    together, outcomes = Barrier(len(actions)), []

    def act(action: Callable[[], object]) -> None:
        try:
            with tenant(organization):
                together.wait(timeout=10)
                action()
            outcomes.append("done")
        except (ValidationError, PermissionDenied) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def test_two_administrators_who_demote_each_other_leave_one(halden: Organization) -> None:
    with tenant(halden):
        ada, eve = (make_person(name, "administrator", None, halden) for name in ("ada", "eve"))
        reader = Role.objects.get(organization=halden, key="read-only")
    outcomes = at_once(
        halden,
        lambda: change_person(User.objects.select_related("role", "team").get(pk=eve.pk), name="Eve", role=reader, team=None, by=ada),
        lambda: change_person(User.objects.select_related("role", "team").get(pk=ada.pk), name="Ada", role=reader, team=None, by=eve),
    )
    assert outcomes == ["ValidationError", "done"]
    with tenant(halden):
        assert User.objects.of_organization(halden.pk).administrators().count() == 1


def test_two_teams_that_move_below_each_other_make_no_circle(halden: Organization) -> None:
    with tenant(halden):
        ada = make_person("ada", "administrator", None, halden)
        one, two = (create_team(name, organization=halden) for name in ("One", "Two"))
    outcomes = at_once(
        halden,
        lambda: change_team(Team.objects.get(pk=one.pk), name="One", parent=Team.objects.get(pk=two.pk), by=ada),
        lambda: change_team(Team.objects.get(pk=two.pk), name="Two", parent=Team.objects.get(pk=one.pk), by=ada),
    )
    assert outcomes == ["ValidationError", "done"]


def test_an_invitation_accepted_twice_at_once_makes_one_person(halden: Organization) -> None:
    with tenant(halden):
        ada = make_person("ada", "administrator", None, halden)
        invitation = invite_person("new@halden.example", role=Role.objects.get(organization=halden, key="sales-rep"), by=ada)
    accept = lambda: accept_invitation(Invitation.objects.get(pk=invitation.pk), name="Nora", password=PASSWORD)  # noqa: E731
    assert at_once(halden, accept, accept) == ["ValidationError", "done"]
    assert User.objects.filter(email="new@halden.example").count() == 1
