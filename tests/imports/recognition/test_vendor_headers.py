# ruff: noqa: E501  # tables of data
"""The export files of other systems: every header that a field of ours is for is recognised, and nothing else is."""

import csv

import pytest

from crm.imports.readers import open_table
from crm.imports.recognition import guess_record_type, recognise

from .targets import TARGETS, mapped

GOOGLE_OLD = {
    "Name": None, "Given Name": "first_name", "Additional Name": "first_name+join", "Family Name": "last_name", "Name Prefix": "salutation",
    "Name Suffix": "last_name+join", "Birthday": "birthday", "Notes": "description", "Group Membership": "tags", "E-mail 1 - Type": "email+kind",
    "E-mail 1 - Value": "email", "E-mail 3 - Value": "email", "Phone 1 - Type": "phone+kind", "Phone 2 - Value": "phone", "Address 1 - Street": "street",
    "Address 1 - City": "city", "Address 1 - Region": "region", "Address 1 - Postal Code": "postal_code", "Address 1 - Country": "country",
    "Organization 1 - Name": "customer", "Organization 1 - Title": "job_title", "Organization 1 - Department": "department", "Website 1 - Value": "website",
    "Yomi Name": None, "Hobby": None, "Priority": None, "Subject": None, "Occupation": None,
}  # fmt: skip
GOOGLE_NEW = {
    "First Name": "first_name", "Middle Name": "first_name+join", "Last Name": "last_name", "Name Prefix": "salutation", "Name Suffix": "last_name+join",
    "Organization Name": "customer", "Organization Title": "job_title", "Organization Department": "department", "Birthday": "birthday",
    "Notes": "description", "Labels": "tags", "E-mail 1 - Label": "email+kind", "E-mail 1 - Value": "email", "E-mail 2 - Value": "email",
    "Phone 1 - Label": "phone+kind", "Phone 2 - Value": "phone", "Address 1 - Formatted": "street", "Photo": None, "File As": None, "Phonetic First Name": None,
}  # fmt: skip
OUTLOOK = {
    "Title": "salutation", "First Name": "first_name", "Middle Name": "first_name+join", "Last Name": "last_name", "Suffix": "last_name+join",
    "Company": "customer", "Department": "department", "Job Title": "job_title", "Business Street": "street", "Business Street 2": "street+join",
    "Business Street 3": "street+join", "Business City": "city", "Business State": "region", "Business Postal Code": "postal_code",
    "Business Country/Region": "country", "Home Street": None, "Other City": None, "Business Fax": "phone/fax", "Business Phone": "phone/work",
    "Business Phone 2": "phone/work", "Home Phone": "phone/home", "Mobile Phone": "phone/mobile", "Other Phone": "phone/other", "Primary Phone": "phone",
    "Company Main Phone": "phone/work", "Pager": "phone/other", "Account": None, "Birthday": "birthday", "Categories": "tags", "E-mail Address": "email",
    "E-mail 2 Address": "email", "E-mail 3 Address": "email", "E-mail Display Name": None, "Language": "preferred_language", "Notes": "description",
    "Web Page": "website", "Spouse": None, "Anniversary": None, "User 1": None, "Office Location": None, "Priority": None, "Gender": None,
}  # fmt: skip
LINKEDIN = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email Address": "email",
    "Company": "customer",
    "Position": "job_title",
    "Connected On": None,
}
DYNAMICS_LEAD = {
    "(Do Not Modify) Lead": None, "(Do Not Modify) Row Checksum": None, "(Do Not Modify) Modified On": None, "Subject": None, "First Name": "first_name",
    "Last Name": "last_name", "Job Title": "job_title", "Company Name": "customer", "Email": "email", "Business Phone": "phone/work", "Country": "country",
    "State or Province": "region", "Description": "description", "Lead Source": "source", "Rating": None,
}  # fmt: skip
PIPEDRIVE = {
    "Person - Name*": None, "Person - First name": "first_name", "Person - Last name": "last_name", "Person - Phone": "phone",
    "Person - Email (Work)": "email/work", "Person - Email (Home)": "email/home", "Organization - Name*": "customer", "Organization - Address": None,
    "Deal - Title": None, "Deal - Value": None, "Activity - Subject*": None, "Activity - Due date": None, "Note - Content*": "description",
}  # fmt: skip


def vendor_header(real_data, vendor, kind):
    with (real_data / "import/vendor-headers.tsv").open(encoding="utf-8") as file:
        line = next(row for row in csv.reader(file, delimiter="\t") if row[0] == vendor and row[1] == kind)
    return next(csv.reader([line[3]]))


@pytest.mark.parametrize(
    ("vendor", "kind", "expected"),
    [
        ("Google Contacts (old)", "export", GOOGLE_OLD), ("Google Contacts (2024+)", "export", GOOGLE_NEW), ("Outlook desktop", "export", OUTLOOK),
        ("LinkedIn", "Connections.csv", LINKEDIN), ("Dynamics 365", "lead export", DYNAMICS_LEAD), ("Pipedrive", "import sample", PIPEDRIVE),
        ("Pipedrive", "import sample with products", {**PIPEDRIVE, "Product - Name*": None, "Product - Price": None}),
    ],
)  # fmt: skip
def test_header_rows_of_vendors(real_data, vendor, kind, expected):
    columns = vendor_header(real_data, vendor, kind)
    found = mapped("contact", columns)
    assert {header: found[header] for header in expected} == expected
    assert guess_record_type(columns)[0].record_type == "contact"


REAL_FILES = {
    "import/salesforce/Account.csv": ("customer", {
        "Id": "external_id", "Name": "name", "Type": "lifecycle", "ParentId": "parent@id", "BillingCity": "billing_city", "BillingState": "billing_region",
        "BillingPostalCode": "billing_postal_code", "Industry": "industry", "AnnualRevenue": "annual_revenue", "NumberOfEmployees": "size"}),
    "import/salesforce/Contact.csv": ("contact", {
        "Id": "external_id", "AccountId": "customer@id", "LastName": "last_name", "FirstName": "first_name", "Phone": "phone", "MobilePhone": "phone/mobile",
        "AssistantPhone": "phone/other", "Email": "email", "Title": "job_title", "Department": "department", "LeadSource": "source"}),
    "import/salesforce/Lead.csv": ("contact", {
        "Id": "external_id", "LastName": "last_name", "FirstName": "first_name", "Salutation": "salutation", "Title": "job_title", "Company": "customer",
        "Phone": "phone", "MobilePhone": "phone/mobile", "Email": "email", "Website": "website", "LeadSource": "source", "OwnerId": "owner@id"}),
    "import/hubspot/companies.csv": ("customer", {
        "Domain": "domain", "Name": "name", "Phone Number": "phone", "Street Address": "billing_street", "City": "billing_city", "State": "billing_region",
        "company_id": "external_id", "hubspot_owner_email": "owner@email"}),
    "import/hubspot/contacts_sample_import-1.csv": ("contact", {
        "First Name": "first_name", "Last Name": "last_name", "Email": "email", "Phone Number": "phone", "Street Address": "street", "City": "city",
        "State": "region", "Contact Owner": "owner@email", "contact_id": "external_id", "company_id": "customer@id"}),
    "crm-sales/accounts.csv": ("customer", {
        "account": "name", "sector": "industry", "revenue": "annual_revenue", "employees": "size", "office_location": "billing_country", "subsidiary_of": "parent"}),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_are_mapped_and_nothing_more(real_data, name):
    record, expected = REAL_FILES[name]
    with open_table(real_data / name) as table:
        columns, rows = table.columns, table.sample(200)
    assert guess_record_type(columns, file_name=name)[0].record_type == record
    assert {header: target for header, target in mapped(record, columns, rows).items() if target} == expected


@pytest.mark.parametrize(
    "name",
    [
        "import/salesforce/Opportunity.csv",
        "import/salesforce/OpportunityHistory.csv",
        "import/hubspot/Sample_Deal_Import-1.csv",
        "crm-sales/sales_pipeline.csv",
    ],
)
def test_files_about_sales_are_not_taken_for_customers(real_data, name):
    with open_table(real_data / name) as table:
        assert guess_record_type(table.columns, file_name=name)[0].record_type == "opportunity"


MORE = [
    ("contact", "Vorname;Weitere Vornamen;Nachname;Anrede;Firma;Abteilung;Position;Straße geschäftlich;Straße geschäftlich 2;Ort geschäftlich;Region geschäftlich;"
     "Postleitzahl geschäftlich;Land/Region geschäftlich;Straße privat;Weiterer Ort;Fax geschäftlich;Telefon geschäftlich;Telefon geschäftlich 2;Telefon (privat);"
     "Mobiltelefon;Haupttelefon;E-Mail-Adresse;E-Mail-Typ;E-Mail 2: Adresse;Geburtstag;Kategorien;Notizen;Webseite",
     "first_name;first_name+join;last_name;salutation;customer;department;job_title;street;street+join;city;region;postal_code;country;-;-;phone/fax;phone/work;"
     "phone/work;phone/home;phone/mobile;phone;email;-;email;birthday;tags;description;website"),
    ("contact", "Prénom;Nom;Société;Service;Fonction;Rue (bureau);Ville (bureau);Code postal (bureau);Pays/Région (bureau);Téléphone (bureau);Tél. mobile;"
     "Adresse de messagerie;Notes", "first_name;last_name;customer;department;job_title;street;city;postal_code;country;phone/work;phone/mobile;email;description"),
    ("contact", "Nombre;Apellidos;Empresa;Puesto;Calle del trabajo;Ciudad;Código postal;País;Teléfono móvil;Correo electrónico;Fecha de nacimiento",
     "first_name;last_name;customer;job_title;street;city;postal_code;country;phone/mobile;email;birthday"),
    ("contact", "Record Id;Contact Owner;Contact Owner.id;Lead Source;First Name;Last Name;Account Name;Account Name.id;Vendor Name;Email;Title;Department;Phone;"
     "Home Phone;Mobile;Fax;Date of Birth;Assistant;Email Opt Out;Salutation;Mailing Street;Other Street;Mailing City;Mailing State;Mailing Zip;Mailing Country;"
     "Description;Secondary Email;Created Time;Modified Time;Tag",
     "external_id;owner;-;source;first_name;last_name;customer;-;-;email;job_title;department;phone;phone/home;phone/mobile;phone/fax;birthday;-;do_not_email;"
     "salutation;street;-;city;region;postal_code;country;description;email/other;created_at;-;tags"),
    ("contact", "Email Address;First Name;Last Name;Address;Phone Number;Birthday;MEMBER_RATING;OPTIN_TIME;CONFIRM_IP;LATITUDE;LAST_CHANGED;NOTES;TAGS",
     "email;first_name;last_name;street;phone;birthday;-;-;-;-;-;description;tags"),
    ("contact", "(Do Not Modify) Contact;Full Name;Email;Company Name;Business Phone;Mobile Phone;Address 1: Street 1;Address 1: Street 2;Address 1: City;"
     "Address 1: State/Province;Address 1: ZIP/Postal Code;Address 1: Country/Region;Do not allow Emails;Owner;Created On",
     "-;full_name;email;customer;phone/work;phone/mobile;street;street+join;city;region;postal_code;country;do_not_email;owner;created_at"),
    ("contact", "Record ID;First Name;Last Name;Email;Phone Number;Mobile Phone Number;Contact owner;Associated Company;Associated Company IDs;Job Title;"
     "Street Address;City;State/Region;Postal Code;Country/Region;Lead Status;Create Date;Last Activity Date;Unsubscribed from all email;LinkedIn URL",
     "external_id;first_name;last_name;email;phone;phone/mobile;owner;customer;-;job_title;street;city;region;postal_code;country;-;created_at;-;do_not_email;website"),
    ("contact", "Person - Name;Person - Label;Person - Organization;Person - Email - Work;Person - Phone - Mobile;Person - Owner;Person - ID",
     "full_name;tags;customer;email/work;phone/mobile;owner;external_id"),
    ("customer", "Account Name;Account Owner;Type;Parent Account;Phone;Website;Industry;Employees;Annual Revenue;Billing Street;Billing City;Billing State/Province;"
     "Billing Zip/Postal Code;Billing Country;Shipping Street;Shipping City;Account Source;Description;Created Date;18-digit Account ID",
     "name;owner;lifecycle;parent;phone;website;industry;size;annual_revenue;billing_street;billing_city;billing_region;billing_postal_code;billing_country;"
     "shipping_street;shipping_city;source;description;created_at;external_id"),
    ("customer", "(Do Not Modify) Account;Account Name;Main Phone;Address 1: City;Address 1: Country/Region;Address 2: City;Industry;Annual Revenue;Number of Employees;"
     "Parent Account;Website;Relationship Type;Owner", "-;name;phone;billing_city;billing_country;shipping_city;industry;annual_revenue;size;parent;website;lifecycle;owner"),
    ("customer", "Record Id;Account Name;Account Owner.id;Account Owner;Phone;Fax;Website;Account Type;Industry;Annual Revenue;Employees;Billing Street;Billing Code;"
     "Shipping Code;Created Time;Tag",
     "external_id;name;-;owner;phone;-;website;lifecycle;industry;annual_revenue;size;billing_street;billing_postal_code;shipping_postal_code;created_at;tags"),
    ("customer", "Organization - Name;Organization - Address;Organization - Owner;Organization - Label;Organization - ID;Organization - People;Organization - Open deals",
     "name;billing_street;owner;tags;external_id;-;-"),
    ("customer", "Record ID;Company name;Company owner;Create Date;Phone Number;City;Country/Region;Industry;Company Domain Name;Number of Employees;Lifecycle Stage",
     "external_id;name;owner;created_at;phone;billing_city;billing_country;industry;domain;size;lifecycle"),
    ("customer", "Kundennummer;Firma;Straße;PLZ;Ort;Land;Branche;Umsatz;Mitarbeiter;USt-IdNr.;Webseite;Telefon;Lieferadresse Ort",
     "external_id;name;billing_street;billing_postal_code;billing_city;billing_country;industry;annual_revenue;size;tax_number;website;phone;shipping_city"),
    ("task", "Id;WhoId;WhatId;Subject;ActivityDate;Status;Priority;OwnerId;Description;IsClosed;CreatedDate",
     "external_id;contact@id;customer@id;subject;due_at;status;priority;owner@id;description;done;created_at"),
    ("task", "Subject;Start Date;Due Date;Date Completed;% Complete;Contacts;Notes;Priority;Status",
     "subject;-;due_at;-;-;contact;description;priority;status"),
    ("task", "Activity - Subject;Activity - Due date;Activity - Contact person;Activity - Organization", "subject;due_at;contact;customer"),
    ("task", "Task title;Due date;Task status;Priority;Assigned to;Associated Contact;Associated Company;Notes;Create date",
     "subject;due_at;status;priority;owner;contact;customer;description;created_at"),
    ("task", "Activity - Subject;Activity - Due date;Activity - Due time;Activity - Note;Organization - Name;Person - Name;Activity - Assigned to user;Activity - Done",
     "subject;due_at;due_at+join;description;customer;contact;owner;done"),
    ("task", "Betreff;Fällig am;Priorität;Status;Erinnerung;Notizen", "subject;due_at;priority;status;reminder_at;description"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "headers", "expected"), MORE)
def test_other_exports_of_the_same_vendors(record, headers, expected):
    columns = headers.split(";")
    found = mapped(record, columns)
    wanted = {header: None if target == "-" else target for header, target in zip(columns, expected.split(";"), strict=True)}
    assert found == wanted
    assert guess_record_type(columns)[0].record_type == record


def test_every_guess_has_a_reason(real_data):
    for vendor, kind in (("Outlook desktop", "export"), ("Google Contacts (old)", "export")):
        for guess in recognise(vendor_header(real_data, vendor, kind), [], TARGETS["contact"]):
            assert guess.reason
            assert 0 <= guess.confidence <= 1
