"""Bench data: customers and 1.3 contacts for each, owned and shared so that reaches of 0.1 %, 1 %, 30 % and 100 % exist."""

from django.db.backends.utils import CursorWrapper

from crm.records.seeding import derive_access, insert_rows, noise, pick, write_documents
from customers.choices import Industry, Lifecycle
from customers.models import Contact, Customer, CustomerPersonShare, CustomerTeamShare

FIRST = [
    "alder",
    "baltic",
    "brightwater",
    "corvid",
    "drift",
    "elm",
    "ferrum",
    "fjord",
    "glacier",
    "halcyon",
    "harbour",
    "hollow",
    "ivory",
    "juniper",
    "kestrel",
    "larch",
    "lumen",
    "meridian",
    "mistral",
]
SECOND = [
    "industries",
    "foods",
    "aerospace",
    "utilities",
    "steelworks",
    "brewing",
    "logistics",
    "storage",
    "pharma",
    "packaging",
    "paper",
    "software",
    "robotics",
    "clinics",
    "timber",
]
FAMILY = [
    "kowalski",
    "smith",
    "jones",
    "taylor",
    "brown",
    "williams",
    "wilson",
    "johnson",
    "davies",
    "patel",
    "wright",
    "walker",
    "white",
    "robinson",
    "thompson",
    "hughes",
    "edwards",
    "green",
    "hall",
    "wood",
    "kaczmarek",
    "lindqvist",
    "sjoberg",
    "nyman",
    "berg",
    "holm",
    "dahl",
    "hansen",
    "weber",
    "schneider",
    "fischer",
    "huber",
    "keller",
    "bakker",
    "dubois",
    "moreau",
    "garcia",
    "romero",
    "rossi",
    "ferrari",
]
GIVEN = [
    "jennifer",
    "marta",
    "anna",
    "elin",
    "karin",
    "sofia",
    "helena",
    "clara",
    "julia",
    "emma",
    "olivia",
    "grace",
    "oskar",
    "erik",
    "lars",
    "jonas",
    "marco",
    "luca",
    "piotr",
    "felix",
    "james",
    "oliver",
]
COUNTRIES = ["DE", "FR", "GB", "SE", "NL", "ES", "IT", "PL", "US", "AT", "CH", "DK", "NO", "FI", "BE", "IE", "PT", "CZ", "CA", "JP"]
HOSTS = ["gmail.com", "example.com", "mail.example", "corp.example", "web.example"]


def seed(cursor: CursorWrapper, organization_id: int, owners: str, customers: int) -> dict[str, int]:
    """Fill the organization as the owner role. `owners` is SQL of a table owners(slot, id, team_id, size): see crm.config.seed."""
    facts = {
        "organization": organization_id,
        "customers": customers,
        "first": FIRST,
        "second": SECOND,
        "family": FAMILY,
        "given": GIVEN,
        "countries": COUNTRIES,
        "hosts": HOSTS,
        "lifecycles": list(Lifecycle.values),
        "industries": list(Industry.values),
    }
    counts = {
        "customers": _customers(cursor, owners, facts),
        "contacts": _contacts(cursor, facts),
        "shares": _shares(cursor, owners, facts),
    }
    for model in (Customer, Contact):
        counts[f"{model._meta.model_name}_access"] = derive_access(cursor, model, organization_id)
    counts["documents"] = _documents(cursor, organization_id)
    return counts


def _customers(cursor: CursorWrapper, owners: str, facts: dict[str, object]) -> int:
    name = f"initcap({pick('first', noise('i', 1, 1000))} || ' ' || {pick('family', noise('i', 2, 1000))} || ' ' || {pick('second', noise('i', 3, 1000))})"
    columns = {
        "organization_id": "%(organization)s",
        "name": f"{name} || ' ' || i",
        "kind": "'company'",
        "lifecycle": f"CASE WHEN {noise('i', 4, 2000)} = 0 THEN 'competitor' ELSE {pick('lifecycles', noise('i', 5, 6))} END",
        "industry": pick("industries", noise("i", 6, 1000)),
        "size": noise("i", 7, 5000),
        "annual_revenue": f"CASE WHEN {noise('i', 8, 3)} > 0 THEN {noise('i', 9, 5000000)} END",
        "website": "'https://www.c' || i || '.example'",
        "domain": "'c' || i || '.example'",
        "email": "'office@c' || i || '.example'",
        "phone": "'+4930' || lpad(i::text, 7, '0')",
        "billing_city": "'City ' || " + noise("i", 10, 500),
        "billing_country": f"CASE WHEN i %% 33333 = 0 THEN 'IS' ELSE {pick('countries', noise('i', 11, 1000))} END",
        "owner_id": "o.id",
        "team_id": "o.team_id",
        "created_at": f"timestamptz '2026-10-01' - {noise('i', 12, 63000000)} * interval '1 second'",
        "updated_at": f"timestamptz '2026-11-01' - {noise('i', 13, 63000000)} * interval '1 second'",
        "last_activity_at": f"CASE WHEN {noise('i', 14, 4)} > 0 THEN timestamptz '2026-11-01' - {noise('i', 15, 31000000)} * interval '1 second' END",
        "external_id": "'seed-' || i",
    }
    source = (
        f"FROM (SELECT i, CASE WHEN i %% 1000 = 0 THEN 0 WHEN i %% 100 = 1 THEN 1 WHEN i %% 10 IN (2, 3, 4) THEN 2 ELSE 3 END AS slot "
        f"FROM generate_series(1, %(customers)s) i) c JOIN ({owners}) o ON o.slot = c.slot AND o.number = {noise('i', 16, 1000000)} %% o.size"
    )
    return insert_rows(cursor, Customer, columns, source, facts)


def _contacts(cursor: CursorWrapper, facts: dict[str, object]) -> int:
    name = f"initcap({pick('given', noise('j', 21, 1000))} || ' ' || {pick('family', noise('j', 22, 1000))})"
    columns = {
        "organization_id": "%(organization)s",
        "first_name": f"split_part({name}, ' ', 1)",
        "last_name": f"split_part({name}, ' ', 2)",
        "name": name,
        "customer_id": "c.id",
        "job_title": "'Buyer'",
        "email": f"lower(replace({name}, ' ', '.')) || j || '@' || {pick('hosts', noise('j', 23, 1000))}",
        "email_label": "'work'",
        "phone": "'+4989' || lpad(j::text, 7, '0')",
        "phone_label": "'work'",
        "owner_id": "c.owner_id",
        "team_id": "c.team_id",
        "created_at": "c.created_at",
        "updated_at": f"timestamptz '2026-11-01' - {noise('j', 24, 63000000)} * interval '1 second'",
        "external_id": "'seed-' || j",
    }
    source = (
        "FROM (SELECT id, owner_id, team_id, created_at, row_number() OVER (ORDER BY id) AS i FROM customers_customer "
        "WHERE organization_id = %(organization)s) c CROSS JOIN LATERAL (SELECT c.i AS j UNION ALL SELECT c.i + %(customers)s WHERE c.i %% 10 IN (1, 4, 7)) n"
    )
    return insert_rows(cursor, Contact, columns, source, facts)


def _shares(cursor: CursorWrapper, owners: str, facts: dict[str, object]) -> int:
    """Three in ten customers are shared with a person, one in ten with a team; none with the people of 0.1 % and 1 % and their teams."""
    permission = (
        "(SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id "
        "WHERE t.app_label = 'customers' AND p.codename = 'view_customer')"
    )
    numbered = "(SELECT id, row_number() OVER (ORDER BY id) AS i FROM customers_customer WHERE organization_id = %(organization)s) c"
    total = 0
    for model, holder, table, key, column, remainder, salt in (
        (CustomerPersonShare, "user_id", "users_user", "id", "id", "(0, 3, 6)", 31),
        (CustomerTeamShare, "group_id", "users_team", "group_id", "team_id", "(8)", 32),
    ):
        few = f"SELECT {column} FROM ({owners}) o WHERE slot < 2"
        holders = (
            f"(SELECT array_agg({key} ORDER BY {key}) AS ids FROM {table} WHERE organization_id = %(organization)s AND id NOT IN ({few})) h"
        )
        columns = {
            "organization_id": "%(organization)s",
            "permission_id": permission,
            "content_object_id": "c.id",
            holder: f"h.ids[1 + {noise('c.i', salt, 1000000)} %% array_length(h.ids, 1)]",
        }
        total += insert_rows(cursor, model, columns, f"FROM {numbered}, {holders} WHERE c.i %% 10 IN {remainder}", facts)
    return total


def _documents(cursor: CursorWrapper, organization_id: int) -> int:
    customers = write_documents(
        cursor,
        Customer,
        organization_id,
        "lower(r.name)",
        "' ' || lower(r.name) || ' ' || r.domain || ' ' || r.email || ' ' || ltrim(r.phone, '+') || ' ' || lower(r.billing_city) || ' ' || r.external_id",
    )
    contacts = write_documents(
        cursor,
        Contact,
        organization_id,
        "lower(r.name)",
        "' ' || lower(r.name) || ' ' || lower(c.name) || ' buyer ' || r.email || ' ' || ltrim(r.phone, '+') || ' ' || r.external_id",
        joins="JOIN customers_customer c ON c.id = r.customer_id",
    )
    cursor.execute(
        "INSERT INTO search_searchword (organization_id, word) SELECT DISTINCT organization_id, w FROM search_searchdocument, "
        "regexp_split_to_table(title, '[^a-z]+') w WHERE organization_id = %s AND length(w) > 2 ON CONFLICT DO NOTHING",
        [organization_id],
    )
    return customers + contacts
