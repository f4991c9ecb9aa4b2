"""What a new organization does first: read off its data, for administrators alone, until all is done or the list is closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.tenancy.models import Organization
from crm.ui.first_steps import first_steps_of
from crm.users.actions import change_organization
from crm.users.models import User

ClientOf = Callable[[Any], Client]


def done(user: User) -> dict[str, bool]:
    return {step.key: done for step, _url, done in first_steps_of(user)}


def test_ada_reads_what_is_done_and_what_comes_next(ada: User, client_of: ClientOf) -> None:
    page = client_of(ada).get("/").content.decode()
    assert "First steps" in page and 'href="/imports/new/"' in page
    assert done(ada) == {"settings": False, "factor": False, "mail": True, "teams": True, "people": True, "import": False}


def test_a_step_is_done_once_its_data_says_so(ada: User) -> None:
    change_organization(Organization.objects.get(pk=ada.own_organization_id), by=ada, currency="SEK")
    assert done(ada)["settings"] is True


@pytest.mark.parametrize("name", ["alice", "mona", "sam"])
def test_others_are_not_bothered(name: str, cast: dict[str, User], client_of: ClientOf) -> None:
    assert "First steps" not in client_of(cast[name]).get("/").content.decode()


def test_closed_it_stays_closed_for_all_administrators(ada: User, alice: User, client_of: ClientOf) -> None:
    assert client_of(alice).post("/setup/first-steps/close/").status_code == 403
    assert client_of(ada).post("/setup/first-steps/close/")["Location"] == "/"
    assert "First steps" not in client_of(ada).get("/").content.decode()
    assert first_steps_of(User.objects.get(pk=ada.pk)) == []
