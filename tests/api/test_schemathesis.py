"""The document tells the truth: schemathesis asks every operation what it allows and what it does not, with all of its checks.

bench/api_schemathesis.sh does it at 200 examples an operation, in all phases.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm.activities.actions.write import create_task
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.api.program import program_of
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import make_cast, make_organization

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
EXAMPLES = 15


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    ours, theirs = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(ours):
        people = make_cast(ours, theirs)
        customer = make_customer(people["alice"])
        make_contact(people["alice"], customer=customer)
        create_task([customer], by=people["alice"], subject="Send the quote")
    return people


@pytest.mark.slow
@pytest.mark.parametrize(("person", "paths"), [("ada", "/customers(/{pk})?$"), ("alice", "/tasks(/{pk})?$")])
def test_the_document_holds(person: str, paths: str, people: dict[str, User], live_server: Any, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    secret = program_of(people[person]).secret
    run = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "--config-file",
            str(CONFIGURATION),
            "run",
            f"{live_server.url}/api/v1/openapi.json",
            "--header",
            f"Authorization: Bearer {secret}",
            "--include-path-regex",
            f"^/api/v1{paths}",
            "--phases",
            "fuzzing",
            "--max-examples",
            str(EXAMPLES),
            "--seed",
            "1",
        ],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
