"""What an administrator keeps in Setup: what is to be unique, and the tags."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from crm.events.models import Event
from crm.records.actions import create_record, delete_record, update_record
from crm.users.models import User
from customers.actions import create_tag
from customers.handlers import unique_from_now_on
from customers.models import Contact, Customer
from tests.factories.customers import make_contact, make_customer


def changed(user: User, field: str) -> Event:
    return Event.objects.create(kind="organization.changed", organization_id=user.own_organization_id, data={"fields": [field]})


def test_names_become_unique_and_the_oldest_keeps_its_own(alice: User) -> None:
    first, second = make_customer(alice, "Nordhavn"), make_customer(alice, "NORDHAVN")
    alice.own_organization.unique_customer_names = True
    alice.own_organization.save()
    unique_from_now_on(changed(alice, "unique_customer_names"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.unique_name, second.unique_name) == ("nordhavn", None)
    with pytest.raises(ValidationError, match="wants names to be unique"):
        create_record(Customer, by=alice, name="nordhavn")


def test_addresses_may_repeat_again(alice: User) -> None:
    create_record(Contact, by=alice, last_name="Ek", email="karin@ek.example")
    with pytest.raises(ValidationError, match="wants them to be unique"):
        create_record(Contact, by=alice, last_name="Ek", email="Karin@EK.example")
    alice.own_organization.unique_contact_emails = False
    alice.own_organization.save()
    unique_from_now_on(changed(alice, "unique_contact_emails"))
    create_record(Contact, by=alice, last_name="Ek", email="karin@ek.example")
    assert Contact.objects.visible_to(alice).count() == 2


@pytest.mark.parametrize(
    ("setting", "first", "second"),
    [
        ("unique_customer_domains", {"website": "https://www.nordhavn.dk"}, {"email": "office@nordhavn.dk"}),
        ("unique_tax_numbers", {"tax_number": "DE136695976"}, {"tax_number": "136 695 976", "billing_country": "DE"}),
        ("unique_customer_names", {"name": "Nordhavn"}, {"name": "nordhavn "}),
    ],
)
def test_ada_asks_for_unique_values_and_is_shown_the_doubles_that_are_there(
    setting: str, first: dict[str, str], second: dict[str, str], alice: User, ada: User, client_of: Any
) -> None:
    older = make_customer(alice, **{"name": "Older", **first})
    younger = make_customer(alice, **{"name": "Younger", **second})
    assert "No doubles" in client_of(ada).get("/setup/doubles/").content.decode()
    setattr(alice.own_organization, setting, True)
    alice.own_organization.save()
    unique_from_now_on(changed(alice, setting))
    page = client_of(ada).get("/setup/doubles/").content.decode()
    assert older.get_absolute_url() in page
    assert younger.get_absolute_url() in page
    with pytest.raises(ValidationError, match="unique"):
        make_customer(alice, **{"name": "Youngest", **second})
    with pytest.raises(ValidationError, match="unique"):
        update_record(younger, by=alice, size=12)


def test_doubles_keep_to_what_the_role_shows(alice: User, ada: User, client_of: Any) -> None:
    older, younger = (make_customer(alice, name, website="https://nordhavn.dk") for name in ("Older", "Younger"))
    alice.own_organization.unique_customer_domains = True
    alice.own_organization.save()
    unique_from_now_on(changed(alice, "unique_customer_domains"))
    delete_record(older, by=alice)
    page = client_of(ada).get("/setup/doubles/").content.decode()
    assert (younger.get_absolute_url() in page, older.get_absolute_url() in page) == (True, False)
    ada.role.levels = {"customer": {"domain": "hidden"}}  # type: ignore[union-attr]
    ada.role.save()  # type: ignore[union-attr]
    assert "nordhavn" not in client_of(ada).get("/setup/doubles/").content.decode()


def test_a_domain_that_everybody_may_have_is_never_a_double(alice: User) -> None:
    alice.own_organization.unique_customer_domains = True
    alice.own_organization.save()
    for name in ("Anna", "Berta"):
        make_customer(alice, name, email=f"{name.lower()}@gmail.com")


def test_ada_merges_two_tags_and_whoever_wore_either_wears_one(ada: User, alice: User, client_of: Any) -> None:
    key, vip = create_tag("Key account", by=ada), create_tag("VIP", hue="red", by=ada)
    both, one = make_customer(alice, "Both", tags=[key, vip]), make_customer(alice, "One", tags=[vip])
    contact = make_contact(alice, tags=[vip])
    assert client_of(alice).post(f"/setup/tags/{vip.pk}/merge/", {"into": key.pk}).status_code == 403
    assert client_of(ada).post(f"/setup/tags/{vip.pk}/merge/", {"into": vip.pk}).status_code == 422
    assert client_of(ada).post(f"/setup/tags/{vip.pk}/merge/", {"into": key.pk}).status_code == 302
    assert [list(record.tags.all()) for record in (both, one, contact)] == [[key], [key], [key]]
    page = client_of(ada).get(f"/setup/tags/{key.pk}/remove/").content.decode()
    assert "On 2 customers and 1 contact." in " ".join(page.split())
