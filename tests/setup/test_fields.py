"""Ada adds, changes, places, removes and brings back fields on the pages of Setup."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.fields.models import CustomField, CustomValue
from crm.fields.record_types import record_types
from crm.records.actions import create_record
from crm.setup.actions import change_field, create_field, remove_field
from crm.setup.tasks import forget_removed_fields
from crm.users.models import Role, User
from customers.models import Customer

LEVELS = {"section": "@name", "new_section": ""}
OPTIONS = {
    "option-TOTAL_FORMS": "3", "option-INITIAL_FORMS": "0",
    "option-0-label": "Gold", "option-0-hue": "amber", "option-0-offered": "on",
    "option-1-label": "Silver", "option-1-offered": "on",
    "option-2-label": "", "option-2-offered": "on",
}  # fmt: skip


def facts(user: User, **said: str) -> dict[str, str]:
    roles = {f"level-{role.pk}": "edit" for role in Role.objects.filter(organization=user.organization)}
    return {"label": "Tier", "filterable": "on", **LEVELS, **roles, **said}


def test_ada_adds_a_choice_and_alice_finds_it_in_the_form(ada: User, ada_client: Client, alice_client: Client) -> None:
    answer = ada_client.post("/setup/fields/new/?type=customer&kind=choice", facts(ada, **OPTIONS))
    assert answer.status_code == 302, answer.context["form"].errors
    row = CustomField.objects.get()
    assert [(option["key"], option["label"], option["hue"]) for option in row.options] == [
        ("gold", "Gold", "amber"),
        ("silver", "Silver", ""),
    ]
    assert b"Gold" in alice_client.get("/customers/new/").content


def test_roles_that_may_not_see_it_are_set_at_once(ada: User, alice: User, ada_client: Client, alice_client: Client) -> None:
    ada_client.post("/setup/fields/new/?type=customer&kind=text", facts(ada, **{f"level-{alice.role_id}": "hidden"}))
    assert Role.objects.get(pk=alice.role_id).level("customer", "custom.tier") == "hidden"
    assert b"Tier" not in alice_client.get("/customers/new/").content


def test_more_rows_keep_what_was_typed(ada: User, ada_client: Client) -> None:
    answer = ada_client.post("/setup/fields/new/?type=customer&kind=choice", facts(ada, more="1", **OPTIONS))
    assert answer.status_code == 200
    assert b'value="Silver"' in answer.content and b"option-6-label" in answer.content
    assert not CustomField.objects.exists()


def test_sent_twice_it_is_added_once(ada: User, ada_client: Client) -> None:
    page = ada_client.get("/setup/fields/new/?type=customer&kind=text")
    for _time in range(2):
        ada_client.post("/setup/fields/new/?type=customer&kind=text", facts(ada, token=page.context["token"]))
    assert CustomField.objects.count() == 1


WRONG = [
    ("text", {"label": ""}, "label"),
    ("text", {"label": "name"}, "label"),
    ("text", {"pattern": "("}, "pattern"),
    ("decimal", {"minimum": "ten"}, "minimum"),
    ("decimal", {"minimum": "10", "maximum": "1"}, "maximum"),
    ("date", {"minimum": "1.1.2026"}, "minimum"),
    ("decimal", {"default": "many"}, "default"),
    ("text", {"section": "+", "new_section": ""}, "new_section"),
    ("text", {"section": "@nothing"}, "section"),
]


@pytest.mark.parametrize(("kind", "said", "where"), WRONG)
def test_what_makes_no_sense_is_said_where_it_stands(kind: str, said: dict[str, str], where: str, ada: User, ada_client: Client) -> None:
    answer = ada_client.post(f"/setup/fields/new/?type=customer&kind={kind}", facts(ada, **said))
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert not CustomField.objects.exists()


def test_a_choice_without_choices_is_refused(ada: User, ada_client: Client) -> None:
    empty = {"option-TOTAL_FORMS": "1", "option-INITIAL_FORMS": "0", "option-0-label": ""}
    answer = ada_client.post("/setup/fields/new/?type=customer&kind=choice", facts(ada, **empty))
    assert answer.status_code == 422 and b"Write at least one choice" in answer.content


def test_a_choice_that_is_no_longer_offered_stays_where_it_is(ada: User, alice: User, ada_client: Client, alice_client: Client) -> None:
    row = create_field(record_types["customer"], "choice", by=ada, label="Tier", options=[{"label": "Gold"}, {"label": "Silver"}])
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "gold"})
    sent = {
        "option-TOTAL_FORMS": "2", "option-INITIAL_FORMS": "2",
        "option-0-key": "gold", "option-0-label": "Gold (old)",
        "option-1-key": "silver", "option-1-label": "Silver", "option-1-offered": "on",
    }  # fmt: skip
    assert ada_client.post(f"/setup/fields/{row.pk}/", facts(ada, **sent)).status_code == 302
    assert b"Gold (old)" not in alice_client.get("/customers/new/").content
    assert b"Gold (old)" in alice_client.get(f"/customers/{customer.pk}/edit/").content
    assert b"Gold (old)" in alice_client.get(f"/customers/{customer.pk}/").content


def test_ada_removes_a_field_and_brings_it_back(ada: User, alice: User, ada_client: Client) -> None:
    row = create_field(record_types["customer"], "text", by=ada, label="Site")
    create_record(Customer, by=alice, name="Nordlys", **{row.key: "Halle 3"})
    asked = ada_client.get(f"/setup/fields/{row.pk}/remove/")
    assert b"1 customer has a value" in asked.content
    ada_client.post(f"/setup/fields/{row.pk}/remove/")
    page = ada_client.get("/setup/fields/?type=customer")
    assert b"Bring back" in page.content and b"kept for 30 more days" in page.content
    assert ada_client.get(f"/setup/fields/{row.pk}/").status_code == 404
    ada_client.post(f"/setup/fields/{row.pk}/bring-back/")
    assert getattr(Customer.objects.get(), row.key) == "Halle 3"


def test_help_is_text_and_never_markup(ada: User, alice_client: Client) -> None:
    create_field(record_types["customer"], "text", by=ada, label="<b>Site</b>", help="<img src=x onerror=alert(1)>", section="<i>New</i>")
    page = alice_client.get("/customers/new/").content
    assert b"<img src=x" not in page and b"<b>Site" not in page and b"<i>New" not in page
    assert b"&lt;img src=x" in page


def test_the_log_of_setup_says_what_became_of_fields(ada: User, ada_client: Client) -> None:
    row = create_field(record_types["customer"], "choice", by=ada, label="Tier", options=[{"label": "Gold"}])
    change_field(row, by=ada, options=[{"key": "gold", "label": "Gold"}, {"label": "Silver"}])
    page = ada_client.get("/setup/changes/?kind=fields").content.decode()
    assert "added the field" in page and "changed the field" in page and "Gold, Silver" in page


def test_a_month_after_its_removal_a_field_is_gone_with_its_values(ada: User, alice: User) -> None:
    row = create_field(record_types["customer"], "text", by=ada, label="Site")
    create_record(Customer, by=alice, name="Nordlys", **{row.key: "Halle 3"})
    remove_field(row, by=ada)
    assert forget_removed_fields() == 0
    CustomField.objects.update(removed_at=timezone.now() - timedelta(days=31))
    assert forget_removed_fields() == 2
    assert not CustomField.objects.exists() and not CustomValue.objects.exists()
    assert Customer.objects.get().custom == {}
