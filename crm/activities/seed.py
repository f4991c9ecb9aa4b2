"""Bench data: three activities for each customer, the calls, meetings and e-mails with a contact of it, too."""

from django.db.backends.utils import CursorWrapper

from crm.activities.choices import Kind
from crm.activities.models import KINDS, Activity, ActivityLink
from crm.fields.record_types import record_types
from crm.records.seeding import derive_access, insert_rows, noise, pick, write_documents

KINDS_IN_TEN = ["task", "task", "call", "call", "call", "meeting", "note", "note", "email", "email"]
WHAT = ["Call", "Review", "Offer", "Visit", "Question", "Demo", "Invoice", "Delivery", "Renewal", "Contract", "Feedback", "Complaint"]
ABOUT = ["spring order", "new site", "price list", "pilot", "training", "spare parts", "warranty", "audit", "trade show", "next year"]
OUTCOMES = ["reached", "no_answer", "voicemail", "busy"]
PER_CUSTOMER = 3


def seed(cursor: CursorWrapper, organization_id: int, owners: str, customers: int) -> dict[str, int]:
    """Fill the organization as the owner role, after its customers and contacts. Activities belong to the owner of their customer."""
    facts = {
        "organization": organization_id,
        "each": PER_CUSTOMER,
        "kinds": KINDS_IN_TEN,
        "what": WHAT,
        "about": ABOUT,
        "outcomes": OUTCOMES,
    }
    counts = {"activities": _activities(cursor, facts), "links": _links(cursor, facts)}
    counts["activity_access"] = derive_access(cursor, Activity, organization_id)
    title = "lower(coalesce(nullif(r.subject, ''), r.kind))"
    counts["activity_documents"] = sum(
        write_documents(cursor, model, organization_id, title, f"' ' || {title}", only=f"r.kind = '{kind}'")
        for kind, model in KINDS.items()
    )
    return counts


def _activities(cursor: CursorWrapper, facts: dict[str, object]) -> int:
    """The ids are made by the sequence in the order of `i`, so the links can be numbered in the same way."""
    kind, at = pick("kinds", noise("i", 41, 1000)), f"timestamptz '2026-11-01' - {noise('i', 42, 63000000)} * interval '1 second'"
    columns = {
        "organization_id": "%(organization)s",
        "kind": "kind",
        "subject": f"{pick('what', noise('i', 43, 1000))} || ' ' || {pick('about', noise('i', 44, 1000))}",
        "body": f"'Talked about the ' || {pick('about', noise('i', 45, 1000))} || '. They will come back to us in ' || {noise('i', 46, 30)} || ' days.'",
        "at": "at",
        "end_at": "CASE WHEN kind = 'meeting' THEN at + interval '1 hour' END",
        "due_at": "CASE WHEN kind = 'task' THEN at END",
        "done_at": f"CASE WHEN kind = 'task' AND {noise('i', 47, 10)} > 0 THEN at END",
        "priority": "'normal'",
        "direction": "CASE WHEN kind IN ('call', 'email') THEN 'outgoing' ELSE '' END",
        "outcome": f"CASE WHEN kind = 'call' THEN {pick('outcomes', noise('i', 48, 1000))} ELSE '' END",
        "owner_id": "owner_id",
        "team_id": "team_id",
        "created_at": "at",
        "updated_at": "at",
    }
    customer = record_types["customer"].model._meta.db_table
    source = (
        f"FROM (SELECT i, owner_id, team_id, {kind} AS kind, {at} AS at FROM (SELECT owner_id, team_id, "
        f"%(each)s * (row_number() OVER (ORDER BY id) - 1) + n AS i FROM {customer}, generate_series(1, %(each)s) n "
        "WHERE organization_id = %(organization)s ORDER BY id, n) numbered) made"
    )
    return insert_rows(cursor, Activity, columns, source, facts)


def _links(cursor: CursorWrapper, facts: dict[str, object]) -> int:
    customer, contact = (record_types[key].model._meta.db_table for key in ("customer", "contact"))
    numbered = (
        "(SELECT *, (row_number() OVER (ORDER BY id) - 1) / %(each)s AS n FROM activities_activity WHERE organization_id = %(organization)s) a "
        f"JOIN (SELECT id AS customer, row_number() OVER (ORDER BY id) - 1 AS n FROM {customer} WHERE organization_id = %(organization)s) c USING (n)"
    )
    columns = {
        "organization_id": "%(organization)s",
        "activity_id": "a.id",
        "kind": "a.kind",
        "at": "a.at",
        "actor_id": "a.owner_id",
        "is_open": f"a.kind = '{Kind.TASK}' AND a.done_at IS NULL",
    }
    total = insert_rows(
        cursor, ActivityLink, {**columns, "record_type": "'customer'", "record_id": "c.customer"}, f"FROM {numbered}", facts
    )
    people = (
        f"JOIN (SELECT customer_id, min(id) AS contact FROM {contact} WHERE organization_id = %(organization)s GROUP BY 1) p "
        "ON p.customer_id = c.customer WHERE a.kind IN ('call', 'meeting', 'email')"
    )
    both = {**columns, "record_type": "'contact'", "record_id": "p.contact"}
    return total + insert_rows(cursor, ActivityLink, both, f"FROM {numbered} {people}", facts)
