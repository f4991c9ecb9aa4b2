from collections.abc import Iterator

import pytest
from django.core.cache import cache

from crm.users.models import User
from tests.api.program import Program, program_of


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> Iterator[None]:
    """The counts of other tests do not add up."""
    cache.clear()
    yield


@pytest.fixture
def as_alice(alice: User) -> Program:
    return program_of(alice)


@pytest.fixture
def as_bob(bob: User) -> Program:
    return program_of(bob)


@pytest.fixture
def as_mona(mona: User) -> Program:
    return program_of(mona)


@pytest.fixture
def as_ada(ada: User) -> Program:
    return program_of(ada)


@pytest.fixture
def as_sam(sam: User) -> Program:
    return program_of(sam)


@pytest.fixture
def as_charlie(charlie: User) -> Program:
    return program_of(charlie)
