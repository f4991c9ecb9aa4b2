# ruff: noqa: E501  # tables of data
"""Exports with the headers of other systems, made up here: every column that a field is for is recognised, and nothing else is."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crm.activities.models import Task
from crm.users.models import User
from customers.models import Contact, Customer

pytestmark = pytest.mark.django_db
EXPORTS = Path(__file__).parent / "exports"
Headers = dict[str, str | list[str]]
MAPPED: dict[str, tuple[str, Headers]] = {
    "dynamics_accounts": ("customers", {
        "name": "Account Name", "external_id": "Account Number", "phone": "Main Phone",
        "billing_street": ["Address 1: Street 1", "Address 1: Street 2"], "billing_city": "Address 1: City",
        "billing_region": "Address 1: State/Province", "billing_postal_code": "Address 1: ZIP/Postal Code",
        "billing_country": "Address 1: Country/Region", "parent": "Parent Account", "owner": "Owner", "created_at": "Created On",
        "lifecycle": "Relationship Type", "industry": "Industry", "annual_revenue": "Annual Revenue", "currency": "Currency",
        "size": "Number of Employees", "website": "Website", "email": "E-mail", "description": "Description",
    }),
    "dynamics_contacts": ("contacts", {
        "first_name": "First Name", "last_name": "Last Name", "email": "Email", "customer": "Company Name",
        "phone": ["Business Phone", "Mobile Phone"], "job_title": "Job Title", "city": "Address 1: City",
        "country": "Address 1: Country/Region", "preferred_channel": "Preferred Method of Contact", "do_not_email": "Do not allow Emails",
        "do_not_call": "Do not allow Phone Calls", "birthday": "Birthday", "owner": "Owner", "created_at": "Created On",
    }),
    "dynamics_tasks": ("tasks", {
        "subject": "Subject", "customer": "Regarding", "due_at": "Due Date", "priority": "Priority", "status": "Activity Status",
        "owner": "Owner", "body": "Description", "created_at": "Created On",
    }),
    "freshsales_contacts": ("contacts", {
        "external_id": "Id", "first_name": "First name", "last_name": "Last name", "job_title": "Job title", "email": "Emails",
        "phone": ["Work", "Mobile"], "customer": "Account", "city": "City", "region": "State", "country": "Country",
        "owner": "Sales owner", "tags": "Tags", "created_at": "Created at", "source": "Source",
    }),
    "google_contacts": ("contacts", {
        "first_name": ["First Name", "Middle Name"], "last_name": ["Last Name", "Name Suffix"], "salutation": "Name Prefix",
        "customer": "Organization Name", "job_title": "Organization Title", "department": "Organization Department",
        "birthday": "Birthday", "description": "Notes", "tags": "Labels",
        "email": ["E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label", "E-mail 2 - Value"],
        "phone": ["Phone 1 - Label", "Phone 1 - Value"], "street": "Address 1 - Street", "city": "Address 1 - City",
        "region": "Address 1 - Region", "postal_code": "Address 1 - Postal Code", "country": "Address 1 - Country",
        "website": "Website 1 - Value",
    }),
    "hubspot_companies": ("customers", {
        "external_id": "Record ID", "name": "Company name", "owner": "Company owner", "created_at": "Create Date",
        "phone": "Phone Number", "billing_city": "City", "billing_country": "Country/Region", "industry": "Industry",
        "website": ["Company Domain Name", "Website URL"], "size": "Number of Employees", "annual_revenue": "Annual Revenue",
        "lifecycle": "Lifecycle Stage", "billing_street": ["Street Address", "Street Address 2"], "billing_region": "State/Region",
        "billing_postal_code": "Postal Code", "description": "Description", "source": "Original Traffic Source",
    }),
    "hubspot_contacts": ("contacts", {
        "external_id": "Record ID", "first_name": "First Name", "last_name": "Last Name", "email": "Email",
        "phone": ["Phone Number", "Mobile Phone Number"], "owner": "Contact owner", "customer": "Company Name", "job_title": "Job Title",
        "do_not_email": "Unsubscribed from all email", "created_at": "Create Date", "street": "Street Address", "city": "City",
        "region": "State/Region", "postal_code": "Postal Code", "country": "Country/Region", "website": "LinkedIn URL",
        "source": "Original Source",
    }),
    "hubspot_tasks": ("tasks", {
        "subject": "Task Title", "status": "Task Status", "priority": "Priority", "due_at": "Due date", "owner": "Assigned to",
        "body": "Notes", "contact": "Associated Contact", "customer": "Associated Company", "created_at": "Create Date",
        "done_at": "Completed at",
    }),
    "linkedin_connections": ("contacts", {
        "first_name": "First Name", "last_name": "Last Name", "website": "URL", "email": "Email Address", "customer": "Company",
        "job_title": "Position",
    }),
    "mailchimp_audience": ("contacts", {
        "email": "Email Address", "first_name": "First Name", "last_name": "Last Name", "street": "Address", "phone": "Phone Number",
        "birthday": "Birthday", "external_id": "LEID", "description": "NOTES", "tags": "TAGS",
    }),
    "outlook_contacts": ("contacts", {
        "first_name": ["First Name", "Middle Name"], "last_name": ["Last Name", "Suffix"], "salutation": "Title",
        "email": ["E-mail Address", "E-mail 2 Address", "E-mail 3 Address"],
        "phone": ["Home Phone", "Home Phone 2", "Business Phone", "Business Phone 2", "Mobile Phone", "Car Phone", "Other Phone", "Primary Phone", "Pager", "Business Fax", "Home Fax", "Other Fax", "Company Main Phone", "Callback", "Radio Phone", "Assistant's Phone"],
        "job_title": "Job Title", "department": "Department", "customer": "Company", "street": "Business Street", "city": "Business City",
        "region": "Business State", "postal_code": "Business Postal Code", "country": "Business Country/Region",
        "website": ["Personal Web Page", "Web Page"], "birthday": "Birthday", "description": "Notes",
    }),
    "pipedrive_activities": ("tasks", {
        "subject": "Activity - Subject", "due_at": ["Activity - Due date", "Activity - Due time"], "done": "Activity - Done",
        "body": "Activity - Note", "owner": "Activity - Assigned to user", "contact": "Person - Name", "customer": "Organization - Name",
        "created_at": "Activity - Add time", "done_at": "Activity - Marked as done time",
    }),
    "pipedrive_organizations": ("customers", {
        "external_id": "Organization - ID", "name": "Organization - Name", "tags": "Organization - Label",
        "billing_street": ["Organization - Street/road name of Address", "Organization - House number of Address"],
        "billing_city": "Organization - City/town/village/locality of Address",
        "billing_region": "Organization - State/county of Address", "billing_postal_code": "Organization - ZIP/Postal code of Address",
        "billing_country": "Organization - Country of Address", "owner": "Organization - Owner",
        "created_at": "Organization - Organization created", "website": "Organization - Website",
        "annual_revenue": "Organization - Annual revenue", "size": "Organization - Number of employees",
        "industry": "Organization - Industry",
    }),
    "pipedrive_persons": ("contacts", {
        "external_id": "Person - ID", "first_name": "Person - First name", "last_name": "Person - Last name", "tags": "Person - Label",
        "customer": "Person - Organization", "email": ["Person - Email - Work", "Person - Email - Home", "Person - Email - Other"],
        "phone": ["Person - Phone - Work", "Person - Phone - Home", "Person - Phone - Mobile", "Person - Phone - Other"],
        "owner": "Person - Owner", "created_at": "Person - Person created", "job_title": "Person - Job title",
        "birthday": "Person - Birthday", "street": "Person - Postal address", "description": "Person - Notes",
    }),
    "salesforce_accounts_report": ("customers", {
        "external_id": "Account ID", "name": "Account Name", "lifecycle": "Type", "industry": "Industry",
        "currency": "Annual Revenue Currency", "annual_revenue": "Annual Revenue", "size": "Employees", "phone": "Phone",
        "website": "Website", "parent": "Parent Account", "billing_street": "Billing Street", "billing_city": "Billing City",
        "billing_region": "Billing State/Province", "billing_postal_code": "Billing Zip/Postal Code",
        "billing_country": "Billing Country", "shipping_street": "Shipping Street", "shipping_city": "Shipping City",
        "shipping_region": "Shipping State/Province", "shipping_postal_code": "Shipping Zip/Postal Code",
        "shipping_country": "Shipping Country", "owner": "Account Owner", "created_at": "Created Date", "source": "Account Source",
        "description": "Description",
    }),
    "salesforce_contacts_data_loader": ("contacts", {
        "external_id": "ID", "customer": "ACCOUNTID", "last_name": "LASTNAME", "first_name": "FIRSTNAME", "salutation": "SALUTATION",
        "street": "MAILINGSTREET", "city": "MAILINGCITY", "region": "MAILINGSTATE", "postal_code": "MAILINGPOSTALCODE",
        "country": "MAILINGCOUNTRY", "phone": ["PHONE", "FAX", "MOBILEPHONE", "HOMEPHONE"], "email": "EMAIL", "job_title": "TITLE",
        "department": "DEPARTMENT", "source": "LEADSOURCE", "birthday": "BIRTHDATE", "description": "DESCRIPTION", "owner": "OWNERID",
        "do_not_email": "HASOPTEDOUTOFEMAIL", "do_not_call": "DONOTCALL", "created_at": "CREATEDDATE",
    }),
    "salesforce_tasks": ("tasks", {
        "subject": "Subject", "due_at": "Date", "priority": "Priority", "status": "Status", "owner": "Assigned",
        "customer": "Company / Account", "contact": "Contact", "body": "Comments", "created_at": "Created Date",
    }),
    "zoho_accounts": ("customers", {
        "external_id": "Record Id", "owner": "Account Owner", "name": "Account Name", "phone": "Phone", "parent": "Parent Account",
        "website": "Website", "lifecycle": "Account Type", "industry": "Industry", "size": "Employees",
        "annual_revenue": "Annual Revenue", "created_at": "Created Time", "tags": "Tag", "billing_street": "Billing Street",
        "shipping_street": "Shipping Street", "billing_city": "Billing City", "shipping_city": "Shipping City",
        "billing_region": "Billing State", "shipping_region": "Shipping State", "billing_postal_code": "Billing Code",
        "shipping_postal_code": "Shipping Code", "billing_country": "Billing Country", "shipping_country": "Shipping Country",
        "description": "Description", "currency": "Currency",
    }),
    "zoho_contacts": ("contacts", {
        "external_id": "Record Id", "owner": "Contact Owner", "source": "Lead Source", "first_name": "First Name",
        "last_name": "Last Name", "customer": "Account Name", "email": ["Email", "Secondary Email"], "job_title": "Title",
        "department": "Department", "phone": ["Phone", "Home Phone", "Other Phone", "Fax", "Mobile", "Asst Phone"],
        "birthday": "Date of Birth", "do_not_email": "Email Opt Out", "created_at": "Created Time", "salutation": "Salutation",
        "street": "Mailing Street", "city": "Mailing City", "region": "Mailing State", "postal_code": "Mailing Zip",
        "country": "Mailing Country", "description": "Description", "tags": "Tag",
    }),
    "zoho_tasks": ("tasks", {
        "owner": "Task Owner", "subject": "Subject", "due_at": "Due Date", "contact": "Contact Name", "customer": "Related To",
        "status": "Status", "priority": "Priority", "done_at": "Closed Time", "created_at": "Created Time", "body": "Description",
        "remind_at": "Reminder", "repeat": "Repeat",
    }),
}  # fmt: skip


def bring(name: str, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import", MAPPED[name][0], str(EXPORTS / f"{name}.csv"), "--organization", "halden", "--json", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


@pytest.mark.parametrize("name", MAPPED)
def test_every_column_goes_where_it_belongs_and_every_row_comes_in(cast: dict[str, User], name: str) -> None:
    report = bring(name)
    found: dict[str, list[str]] = {}
    for header, field in report["mapping"].items():
        if field:
            found.setdefault(field, []).append(header)
    assert found == {field: [headers] if isinstance(headers, str) else headers for field, headers in MAPPED[name][1].items()}
    assert (report["new"], report["refused"]) == (report["rows"], [])
    assert bring(name)["same"] == report["rows"] or name.endswith(("tasks", "activities", "connections")), "the second time nothing changes"


def test_a_salesforce_report_in_american_dates_and_another_encoding(cast: dict[str, User]) -> None:
    bring("salesforce_accounts_report")
    holding, tools = Customer.objects.get(name="Grünwald Holding"), Customer.objects.get(name="Pacific Tools")
    assert tools.parent == holding
    assert (holding.created_at.date().isoformat(), tools.created_at.date().isoformat()) == ("2021-03-14", "2023-07-04")
    assert (holding.lifecycle, holding.source, tools.source) == ("customer", "trade_show", "website")
    assert (holding.owner, tools.owner) == (cast["alice"], cast["bob"])


def test_of_hubspot_a_domain_counts_where_the_web_address_is_missing(cast: dict[str, User]) -> None:
    bring("hubspot_companies")
    assert list(Customer.objects.order_by("name").values_list("website", "domain")) == [
        ("https://fjell.example", "fjell.example"), ("https://nordlys.example", "nordlys.example"),
    ]  # fmt: skip
    assert Customer.objects.get(name="Nordlys AS").owner == cast["alice"]
    assert Customer.objects.get(name="Fjell & Vidde").industry == "software"


def test_hubspots_tasks_find_their_contact_by_the_address_in_brackets(cast: dict[str, User]) -> None:
    bring("hubspot_companies")
    bring("hubspot_contacts")
    bring("hubspot_tasks")
    task = Task.objects.get(subject="Follow up")
    assert sorted(task.links.values_list("record_type", flat=True)) == ["contact", "customer"]
    assert Task.objects.get(subject="Done thing").priority == "normal", "“NONE” is no reason to refuse a row"


def test_pipedrives_address_in_parts(cast: dict[str, User]) -> None:
    bring("pipedrive_organizations")
    moveer = Customer.objects.get(name="Moveer Limited")
    assert (moveer.billing_street, moveer.billing_postal_code, moveer.billing_country) == ("Fincham Road 943", "87102", "US")


def test_of_dynamics_commas_for_decimals_and_consent_in_its_words(cast: dict[str, User]) -> None:
    bring("dynamics_accounts")
    bring("dynamics_contacts")
    customer, contact = Customer.objects.get(), Contact.objects.get()
    assert (customer.annual_revenue, customer.size, customer.email) == (Decimal("60000.5"), 4300, "info@aw.example")
    assert (contact.do_not_email, contact.do_not_call, contact.customer) == (False, True, customer)


def test_days_and_months_that_one_column_leaves_open_are_decided_by_another(cast: dict[str, User]) -> None:
    bring("salesforce_tasks")
    assert {task.created_at.date().isoformat() for task in Task.objects.all()} == {"2026-12-01"}


def test_google_with_several_values_in_a_cell(cast: dict[str, User]) -> None:
    bring("google_contacts")
    maria = Contact.objects.get()
    assert (maria.first_name, maria.last_name, maria.birthday.isoformat()) == ("María José", "García López", "1971-02-03")  # type: ignore[union-attr]
    assert sorted(maria.points.values_list("value", flat=True)) == ["+34612345679", "maria@casa.example", "mj@casa.example"]


def test_outlooks_second_web_page_counts_where_the_first_is_empty(cast: dict[str, User]) -> None:
    bring("outlook_contacts")
    ivo = Contact.objects.get()
    assert (ivo.website, ivo.birthday.isoformat()) == ("https://novak.example", "1980-12-31")  # type: ignore[union-attr]


def test_an_address_in_one_cell_and_a_birthday_without_a_year(cast: dict[str, User]) -> None:
    bring("mailchimp_audience")
    sue = Contact.objects.get()
    assert (sue.street, sue.city, sue.region, sue.birthday) == ("1 Road", "Leeds", "", None)
