"""The addresses of the workshop's tables: what ada and charlie get at each; everybody else gets 403."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.config.admin import site
from crm.fields.record_types import record_types


@dataclass(frozen=True)
class Facts:
    """Of one address: what ada gets, what charlie gets of ada's row, and the arguments."""

    ada: int
    charlie: int
    args: Callable[[Any], list[Any]] = lambda world: []


ROW_OF: dict[str, Callable[[Any], int]] = {
    "customer": lambda world: world.customer.pk,
    "contact": lambda world: world.contact.pk,
}
"""Of each table one row of ada's organization. A new table needs its line."""


def table_addresses() -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for model, model_admin in site._registry.items():
        stem, key = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._meta.model_name or ""
        row = lambda world, key=key: [ROW_OF[key](world)]  # noqa: E731
        found |= {
            f"{stem}_changelist": Facts(200, 200),
            f"{stem}_add": Facts(*[200 if model_admin.adds else 403] * 2),
            f"{stem}_change": Facts(200, 404, row),
            f"{stem}_history": Facts(302 if key in record_types else 200, 404, row),
            f"{stem}_delete": Facts(200 if model_admin.removes else 403, 404, row),
        }
    return found


def names_without_records() -> set[str]:
    """The workshop's pages on which no record of a record type stands."""
    tables = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in site._registry
        if model._meta.model_name not in record_types
        for page in ("changelist", "add", "change", "history", "delete")
    }
    return tables | {f"admin:{name}" for name in ("index", "app_list", "autocomplete", "login", "logout", "choose")}
