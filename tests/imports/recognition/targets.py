# ruff: noqa: E501  # tables of data
"""The fields that the tests map to, as the record types would offer them."""

from crm.imports.recognition import Target, recognise

KINDS = {
    "customer": {
        "name": "text", "kind": "choice", "legal_name": "text", "parent": "reference", "lifecycle": "choice", "industry": "choice", "size": "number",
        "annual_revenue": "money", "currency": "currency", "website": "url", "domain": "text", "email": "email", "phone": "phone", "tax_number": "text",
        "registration_number": "text", **{f"{kind}_{part}": "text" for kind in ("billing", "shipping") for part in ("street", "city", "postal_code", "region")},
        "billing_country": "country", "shipping_country": "country", "source": "choice", "tags": "tags", "preferred_channel": "choice",
        "preferred_language": "language", "topics": "text", "description": "long_text", "owner": "person", "team": "team", "external_id": "text", "created_at": "datetime",
    },
    "contact": {
        "full_name": "text", "first_name": "text", "last_name": "text", "salutation": "text", "job_title": "text", "department": "text", "customer": "reference",
        "email": "email", "phone": "phone", "birthday": "date", "do_not_email": "yes_no", "do_not_call": "yes_no", "do_not_post": "yes_no", "street": "text",
        "city": "text", "postal_code": "text", "region": "text", "country": "country", "website": "url", "source": "choice", "tags": "tags",
        "preferred_channel": "choice", "preferred_language": "language", "topics": "text", "description": "long_text", "owner": "person", "team": "team",
        "external_id": "text", "created_at": "datetime",
    },
    "task": {
        "subject": "text", "description": "long_text", "due_at": "datetime", "reminder_at": "datetime", "priority": "choice", "status": "choice", "done": "yes_no",
        "owner": "person", "customer": "reference", "contact": "reference", "external_id": "text", "created_at": "datetime",
    },
}  # fmt: skip
TARGETS = {record: [Target(record, key, key.replace("_", " "), kind) for key, kind in kinds.items()] for record, kinds in KINDS.items()}


def mapped(record, columns, rows=()):
    """{header: "key", "key/label", "key+part", "key@by" or None}."""
    return {guess.header: written(guess) for guess in recognise(columns, rows, TARGETS[record])}


def written(guess):
    if guess.target is None:
        return None
    text = guess.target.key
    text += f"/{guess.label}" if guess.label else ""
    text += f"+{guess.part}" if guess.part != "value" else ""
    return text + (f"@{guess.by}" if guess.by and guess.by != "name" else "")
