"""Parents and subsidiaries as a tree, read in one statement whatever its depth."""

from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

MOST_LEVELS = 10
MOST_SHOWN = 200
UP = (
    "WITH RECURSIVE up (id, parent_id, level) AS (SELECT id, parent_id, 0 FROM customers_customer WHERE id = %(id)s "
    "AND organization_id = %(organization)s UNION ALL SELECT c.id, c.parent_id, up.level + 1 FROM customers_customer c "
    "JOIN up ON c.id = up.parent_id WHERE c.organization_id = %(organization)s AND up.level < %(most)s)"
)
DOWN = (
    "down (id, level) AS (SELECT %(id)s::bigint, 0 UNION ALL SELECT c.id, down.level + 1 FROM customers_customer c "
    "JOIN down ON c.parent_id = down.id WHERE c.organization_id = %(organization)s AND c.deleted_at IS NULL AND down.level < %(most)s)"
)


def family_of(customer: Any) -> RawSQL:
    """The keys of those above and below, itself among them: at most MOST_SHOWN, the nearest first. For `pk__in`, below `visible_to`."""
    sql = (
        f"{UP}, {DOWN} SELECT id FROM up UNION (SELECT id FROM down ORDER BY level LIMIT %(shown)s)"  # noqa: S608
        % {"id": "%s", "organization": "%s", "most": "%s", "shown": "%s"}
    )
    key, organization, most = customer.pk, customer.organization_id, MOST_LEVELS * 2
    return RawSQL(f"({sql})", [key, organization, organization, most, key, organization, most, MOST_SHOWN])  # noqa: S611


def wrong_place(customer: Any) -> str:
    """ "circle" where the customer would be below itself, "deep" where its family would have more than MOST_LEVELS levels, else "".

    Until the end of the transaction no other customer of the organization gets another parent, so that two moves make no circle.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('customers.family', %s))", [customer.organization_id])
        facts = {"id": customer.parent_id, "organization": customer.organization_id, "most": MOST_LEVELS * 2}
        cursor.execute(f"{UP} SELECT coalesce(bool_or(id = %(own)s), false), count(*) FROM up", {**facts, "own": customer.pk})  # noqa: S608
        is_below, above = cursor.fetchone()
        if is_below:
            return "circle"
        cursor.execute(f"WITH RECURSIVE {DOWN} SELECT max(level) FROM down", {**facts, "id": customer.pk or 0})  # noqa: S608
        (below,) = cursor.fetchone()
    return "deep" if above + 1 + below > MOST_LEVELS else ""
