"""What customers and contacts are to the people who use them."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, Section
from customers.models import Contact, Customer

LIFECYCLE_HUES = {
    "lead": "violet",
    "prospect": "blue",
    "customer": "green",
    "dormant": "grey",
    "former": "grey",
    "partner": "teal",
    "supplier": "teal",
    "competitor": "red",
    "other": "grey",
}


class CustomerType(RecordType):
    model, icon, order = Customer, "users", 10
    title, subtitle, badge = "name", "domain", "lifecycle"
    sections = [
        Section(_("About"), ["name", "kind", "lifecycle", "industry", "size", "annual_revenue", "currency", "website", "email", "phone"]),
        Section(_("Company"), ["legal_name", "parent", "tax_number", "registration_number", "external_id"]),
        Section(_("Billing address"), ["billing_street", "billing_postal_code", "billing_city", "billing_region", "billing_country"]),
        Section(
            _("Shipping address"),
            ["shipping_same_as_billing", "shipping_street", "shipping_postal_code", "shipping_city", "shipping_region", "shipping_country"],
            open=False,
        ),
        Section(_("Preferences"), ["preferred_channel", "preferred_language", "topics"]),
        Section(_("Ownership"), ["owner", "team", "source", "tags"]),
        Section(_("Notes"), ["description"], open=False),
    ]
    columns = ["name", "lifecycle", "annual_revenue", "owner", "last_activity_at", "billing_city", "billing_country", "updated_at"]
    key_facts = ["annual_revenue", "industry", "size", "owner", "source", "last_activity_at"]
    inline = ["lifecycle", "annual_revenue", "owner", "industry", "size", "phone"]
    search = ["name", "legal_name", "domain", "email", "phone", "billing_city", "tax_number", "registration_number", "external_id"]
    sort_by = ["name", "updated_at", "created_at", "annual_revenue", "last_activity_at"]
    sort_keys = {"name": "name_key", "annual_revenue": "revenue_key", "domain": "domain", "email": "email_key"}
    similar_on = ["name", "email", "website", "tax_number"]
    match_on = [["external_id"], ["domain"], ["email"], ["name"], ["tax_number"]]
    hues = {"lifecycle": LIFECYCLE_HUES}
    beside = {"relationships": ("", _("relationship"))}


class ContactType(RecordType):
    model, icon, avatar, order = Contact, "address-book", "", 20
    title, subtitle = "name", "job_title"
    sections = [
        Section(_("About"), ["salutation", "first_name", "last_name", "job_title", "department", "customer"]),
        Section(_("Reach"), ["email", "email_label", "phone", "phone_label", "website", "do_not_email", "do_not_call", "do_not_post"]),
        Section(_("Address"), ["street", "postal_code", "city", "region", "country"], open=False),
        Section(_("Preferences"), ["preferred_channel", "preferred_language", "topics", "birthday"]),
        Section(_("Ownership"), ["owner", "team", "source", "tags", "external_id"]),
        Section(_("Notes"), ["description"], open=False),
    ]
    columns = ["name", "customer", "job_title", "email", "phone", "owner", "last_activity_at"]
    key_facts = ["customer", "job_title", "email", "phone", "owner", "last_activity_at"]
    inline = ["job_title", "email", "phone", "owner"]
    search = ["name", "customer.name", "job_title", "email", "phone", "city", "external_id"]
    sort_by = ["name", "updated_at", "created_at", "last_activity_at"]
    sort_keys = {"name": "name_key", "email": "email_key"}
    similar_on = ["email", "phone", "name"]
    match_on = [["external_id"], ["email"], ["phone"], ["first_name", "last_name", "customer"]]
    further = {"email": "points", "phone": "points"}
    consent = {"do_not_email": "email", "do_not_call": "phone", "do_not_post": "street"}
    ages = ["birthday"]
    beside = {
        "affiliations": ("customer", _("role at a customer")),
        "further_email": ("email", _("further e-mail")),
        "further_phone": ("phone", _("further phone")),
    }
    sensitive = {"birthday": "personal data"}
