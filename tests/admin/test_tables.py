"""Every table with an organization is in the workshop, or said to be left out; each answers, and asks little."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from crm.config.admin import site
from crm.tenancy.models import TenantModel
from crm.users.models import User
from tests.access.rows import World, make_world
from tests.access.workshop import ROW_OF, table_addresses
from tests.admin.conftest import statements

LEFT_OUT = {
    "activities.Activity": "its kinds are tables of their own",
    "activities.ActivityAccess": "follows from owners, teams and shares; keys of several columns",
    "activities.ActivityPersonShare": "shares are given in the share dialog alone",
    "activities.ActivityTeamShare": "shares are given in the share dialog alone",
    "activities.Submission": "tokens of forms, gone after a day",
    "customers.ContactAccess": "follows from owners, teams and shares; keys of several columns",
    "customers.ContactPersonShare": "shares are given in the share dialog alone",
    "customers.ContactTag": "a field of the contact's form",
    "customers.ContactTeamShare": "shares are given in the share dialog alone",
    "customers.CustomerAccess": "follows from owners, teams and shares; keys of several columns",
    "customers.CustomerPersonShare": "shares are given in the share dialog alone",
    "customers.CustomerTag": "a field of the customer's form",
    "customers.CustomerTeamShare": "shares are given in the share dialog alone",
    "sales.OpportunityAccess": "follows from owners, teams and shares; keys of several columns",
    "sales.OpportunityPersonShare": "shares are given in the share dialog alone",
    "sales.OpportunityTeamShare": "shares are given in the share dialog alone",
    "events.HandledEvent": "which handler has done its part: of use to nobody but the dispatcher",
    "api.IdempotentAnswer": "answers that a program may ask for again, gone after a day",
    "bulk.BulkRow": "what one record was before a change of many; keys of several columns",
    "exports.ExportChunk": "pieces of a file; keys of several columns",
    "fields.CustomValue": "copies of what records say",
    "imports.ImportClaim": "rows of a file; keys of several columns",
    "imports.ImportCompanion": "rows of a file; keys of several columns",
    "imports.ImportRow": "rows of a file; keys of several columns",
    "users.AccessNotice": "written by rules alone, and read in Setup",
    "users.Viewing": "written by beginning and stopping it, read in Setup and by the person",
    "search.SearchDocument": "copies of what records say; keys of several columns",
    "search.SearchWord": "words of all records, whoever may read them",
}
TABLES = sorted(site._registry, key=lambda model: model._meta.label)
OWN = [model for model in TABLES if model._meta.model_name in ROW_OF]


def stem(model: Any) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


@pytest.fixture
def world(cast: dict[str, User]) -> World:
    return make_world(cast)


def test_every_table_with_an_organization_is_here_or_left_out_for_a_reason() -> None:
    with_organization = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, TenantModel) or any(column.column == "organization_id" for column in model._meta.concrete_fields)
    }
    here = {model._meta.label for model in TABLES}
    assert sorted(with_organization - here - set(LEFT_OUT)) == []
    assert sorted(here & set(LEFT_OUT)) == []
    assert sorted(set(LEFT_OUT) - with_organization) == []


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_ada_opens_every_page_of_every_table(model: Any, ada_in: Client, world: World) -> None:
    facts = {name: fact for name, fact in table_addresses().items() if name.startswith(f"{stem(model)}_")}
    for name, fact in facts.items():
        url = reverse(name, args=fact.args(world))
        assert (ada_in.post(url) if fact.method == "POST" else ada_in.get(url)).status_code == fact.ada, name


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_charlie_finds_none_of_adas_rows(model: Any, charlie_in: Client, world: World) -> None:
    pk = ROW_OF[model._meta.model_name](world)
    listed = charlie_in.get(reverse(f"{stem(model)}_changelist"))
    assert pk not in [row.pk for row in listed.context["cl"].result_list]
    for page in ("change", "delete", "history"):
        assert charlie_in.get(reverse(f"{stem(model)}_{page}", args=[pk])).status_code == 404, page
        assert charlie_in.post(reverse(f"{stem(model)}_{page}", args=[pk])).status_code == 404, page


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_a_list_counts_no_further_than_ten_thousand_whatever_is_in_it(model: Any, ada_in: Client, world: World) -> None:
    """Pinned: what a page of the workshop costs does not grow with its rows."""
    ROW_OF[model._meta.model_name](world)
    url = reverse(f"{stem(model)}_changelist")
    ada_in.get(url)
    with statements() as sent:
        assert ada_in.get(url).status_code == 200
    table = f'"{model._meta.db_table}"'
    whole = [sql for sql in sent if "COUNT(" in sql and f"FROM {table}" in sql and "LIMIT 10001" not in sql]
    assert whole == []
    assert len(sent) <= 18, "\n".join(sent)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_what_has_no_action_is_read_only(model: Any, ada_in: Client, world: World) -> None:
    model_admin: Any = site._registry[model]
    pk = ROW_OF[model._meta.model_name](world)
    if not model_admin.changes:
        assert ada_in.post(reverse(f"{stem(model)}_change", args=[pk]), {"name": "X"}).status_code == 403
    if not model_admin.adds:
        assert ada_in.post(reverse(f"{stem(model)}_add"), {"name": "X"}).status_code == 403
    if not model_admin.removes:
        assert ada_in.post(reverse(f"{stem(model)}_delete", args=[pk])).status_code == 403
        sent = {"action": "delete_selected", "post": "yes", "_selected_action": [pk]}
        ada_in.post(reverse(f"{stem(model)}_changelist"), sent)
        assert model._base_manager.filter(pk=pk).exists()


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("query", ["o=0", "o=-1.2", "o=99", "q=%25", "e=1", "p=3", "all=1", "_popup=1"])
def test_nonsense_in_the_address_breaks_no_list(model: Any, query: str, ada_in: Client, world: World) -> None:
    assert ada_in.get(f"{reverse(f'{stem(model)}_changelist')}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize("field", ["owner", "parent", "team", "created_by"])
def test_the_autocompletion_knows_the_own_organization_alone(field: str, charlie_in: Client, ada_in: Client, world: World) -> None:
    asked = {"app_label": "customers", "model_name": "customer", "field_name": field, "term": ""}
    theirs, ours = (client.get("/admin/autocomplete/", asked) for client in (charlie_in, ada_in))
    assert ours.status_code == theirs.status_code == 200
    assert ours.json()["results"] != []
    assert not {row["id"] for row in ours.json()["results"]} & {row["id"] for row in theirs.json()["results"]}


@pytest.mark.parametrize("asked", [{}, {"app_label": "auth", "model_name": "group", "field_name": "permissions"}])
def test_the_autocompletion_of_anything_else_is_refused(ada_in: Client, asked: dict[str, str]) -> None:
    assert ada_in.get("/admin/autocomplete/", asked).status_code == 403
