"""Unique values that rows of one file have claimed: of several rows with the same one, only the first may have it."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm.imports.models import Import, ImportClaim
from crm.records.actions.bulk_checks import DraftTable


def claim(run: Import, claims: Sequence[tuple[str, str]], drafts: DraftTable) -> dict[int, tuple[str, int]]:
    """Write the claims of these rows: {number: (the claim that another row has already, that row)}."""
    if not claims:
        return {}
    keys = [f"SELECT number, {n} AS claim, md5('{n}:' || ({value}))::uuid AS key FROM drafts d" for n, (_, value) in enumerate(claims)]  # noqa: S608
    losers = drafts.select(
        f"WITH keyed AS MATERIALIZED (SELECT * FROM ({' UNION ALL '.join(keys)}) k WHERE key IS NOT NULL), claimed AS ("  # noqa: S608
        "INSERT INTO imports_importclaim (organization_id, run_id, key, number) SELECT %s, %s, key, number FROM keyed "
        "ORDER BY number ON CONFLICT DO NOTHING RETURNING key, number) "
        "SELECT number, claim, key FROM keyed k WHERE NOT EXISTS (SELECT FROM claimed c WHERE c.key = k.key AND c.number = k.number) "
        "ORDER BY claim DESC",
        [run.organization_id, run.pk],
    )
    if not losers:
        return {}
    winners = dict(ImportClaim.objects.filter(run=run, key__in={key for *_, key in losers}).values_list("key", "number"))
    return {number: (claims[which][0], winners[key]) for number, which, key in losers}


def claim_values(run: Import, wanted: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Write claims that are known here, (row, value) each: {value: the row that has it}."""
    if not wanted:
        return {}
    keys = {value: UUID(hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()) for _number, value in wanted}
    rows = [ImportClaim(organization_id=run.organization_id, run=run, key=keys[value], number=number) for number, value in wanted]
    ImportClaim.objects.bulk_create(rows, ignore_conflicts=True)
    winners = dict(ImportClaim.objects.filter(run=run, key__in=keys.values()).values_list("key", "number"))
    return {value: winners[key] for value, key in keys.items()}


def claimed_column(model: Any, name: str) -> str:
    """The column, besides the organization, that a unique constraint is about."""
    constraint = next((each for each in model._meta.constraints if each.name == name), None)
    return next((field for field in getattr(constraint, "fields", ()) if field != "organization"), "")
