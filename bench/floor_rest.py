"""What the REST API answers, without the API: the same columns of the same rows as values, the names that they refer to, and JSON."""

import json
from typing import Any

from django.db.models import ForeignKey, QuerySet

from crm.fields.record_types import record_types
from crm.users.models import Team, User
from customers.models import Customer

TAGS = Customer.tags.through


def rows_of(customers: QuerySet[Customer], alias: str) -> list[dict[str, Any]]:
    """Three further statements: people, teams and tags, as the API has them. One more for parents where there are any.

    Values of added fields are given as they lie there, without a line for each that is empty.
    """
    rows = list(customers.values("id", "version", "custom", *_columns()))
    people = _named(User, "name", {row[key] for row in rows for key in _references(User)}, alias)
    teams = _named(Team, "name", {row["team_id"] for row in rows}, alias)
    parents = _named(Customer, "name", {row["parent_id"] for row in rows}, alias)
    tags: dict[int, list[dict[str, Any]]] = {}
    links = TAGS._default_manager.using(alias).filter(customer_id__in=[row["id"] for row in rows])
    for customer, pk, name in links.values_list("customer_id", "tag_id", "tag__name"):
        tags.setdefault(customer, []).append({"id": pk, "label": name})
    for row in rows:
        for key in _references(User):
            row[key] = people.get(row[key])
        row["team_id"], row["parent_id"] = teams.get(row["team_id"]), parents.get(row["parent_id"])
        row["tags"] = tags.get(row["id"], [])
    return rows


def written(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _columns() -> list[str]:
    """The columns of the record's own fields."""
    fields = record_types["customer"].own_fields.values()
    columns = [field.column for field in fields if field.column is not None and not field.is_beyond]
    return [getattr(column, "attname", "") for column in columns if not column.many_to_many]


def _references(model: Any) -> list[str]:
    columns = set(_columns())
    return [
        column.attname
        for column in Customer._meta.concrete_fields
        if isinstance(column, ForeignKey) and column.remote_field.model is model and column.attname in columns
    ]


def _named(model: Any, name: str, pks: set[Any], alias: str) -> dict[int, dict[str, Any]]:
    wanted = pks - {None}
    if not wanted:
        return {}
    found = model._default_manager.using(alias).filter(pk__in=wanted).values_list("pk", name)
    return {pk: {"id": pk, "label": label} for pk, label in found}
