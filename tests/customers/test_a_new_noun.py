"""What the walk "adding a noun" in CONTRIBUTING.md promises of the platform."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from crm.access.operations import CreateAccessRule, record_rules
from crm.tenancy.operations import EnableTenantPolicy
from crm.users.models import Role, User
from crm.users.operations import reach_of_ready_roles

WALK = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
KNOWN = re.compile(r"`([a-z_]+/[a-z_/]+\.(?:py|md)|docs/[\w/.-]+)`|\((docs/[\w/.-]+)\)|`(crm(?:\.[a-z_]+)+)`|\((crm(?:\.[a-z_]+)+)\)")


def test_a_record_type_gets_its_policies_and_its_rule_in_one_line() -> None:
    operations = record_rules("Competitor")
    policies = [operation.model_name for operation in operations if isinstance(operation, EnableTenantPolicy)]
    assert policies == ["Competitor", "CompetitorAccess", "CompetitorPersonShare", "CompetitorTeamShare"]
    assert isinstance(operations[-1], CreateAccessRule)


def test_ready_roles_reach_a_new_noun_in_organizations_that_exist_and_what_ada_set_stays(alice: User) -> None:
    role = alice.role
    assert role is not None
    first = role.reaches["customer"]
    role.reaches = {"contact": {"view": "own"}}
    role.save(update_fields=["reaches"])
    reach_of_ready_roles("customer", "contact").code(apps, SimpleNamespace(connection=connection))
    assert Role.objects.get(pk=role.pk).reaches == {"customer": first, "contact": {"view": "own"}}


def test_every_file_and_module_that_the_walk_names_is_there() -> None:
    named = [next(part for part in found if part) for found in KNOWN.findall(WALK)]
    assert len(named) >= 8
    for name in named:
        if name.startswith("crm."):
            import_module(name)
        elif name.startswith(("crm/", "docs/", "tests/")):
            assert (Path(__file__).parents[2] / name).exists(), name
