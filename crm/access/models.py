"""The three tables beside each record table: who sees it (derived), and with whom it is shared (facts)."""

from typing import Any, Self

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from crm.tenancy.models import Organization, TenantModel
from crm.users.models import User

START = ("infinity", 2**63 - 1)

MANY = 20
NEWEST = """
SELECT record_id, updated_at
FROM unnest(%(principals)s::int[]) AS mine(principal) {far}
CROSS JOIN LATERAL (
    SELECT record_id, updated_at FROM {table} AS access
    WHERE organization_id = %(organization)s AND access.principal = mine.principal
      AND (updated_at, record_id) {beyond} (%(at)s, %(id)s) {within}
    ORDER BY updated_at {direction}, record_id {direction} LIMIT %({size})s
) AS newest
GROUP BY record_id, updated_at
ORDER BY updated_at {direction}, record_id {direction}
"""
FAR = """
CROSS JOIN (SELECT coalesce((SELECT updated_at FROM ({few}) AS few OFFSET %(size)s - 1 LIMIT 1), '{end}') AS bound OFFSET 0) AS far
"""


@models.IntegerField.register_lookup
class Among(models.Lookup):
    """`principal__among=[…]`: `__in` with one array, where hundreds of values would each be prepared and written by themselves."""

    lookup_name, prepare_rhs = "among", False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::int[])", (*values, list(self.rhs))


class AccessQuerySet(models.QuerySet[Any]):
    def of(self, organization_id: int | None, principals: list[int]) -> Self:
        return self.filter(organization_id=organization_id, principal__among=principals)

    def newest_ids(
        self, organization_id: int | None, principals: list[int], size: int, before: tuple[Any, int] = START, *, ascending: bool = False
    ) -> list[int]:
        """The ids of one page: the first `size` index entries of each principal, merged. `before` is the last row shown."""
        few = 1 + 2 * size // max(1, len(principals))
        facts = {"principals": principals, "organization": organization_id, "at": before[0], "id": before[1], "size": size, "few": few}
        sql = self._newest(ascending=ascending, bounded=len(principals) > MANY and few < size)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT %(size)s", facts)
            return [record_id for record_id, _at in cursor.fetchall()]

    def _newest(self, *, ascending: bool, bounded: bool) -> str:
        """The statement. `bounded` first asks each principal for a few, which say how far the page reaches at most."""
        parts = {
            "table": connection.ops.quote_name(self.model._meta.db_table),
            "beyond": ">" if ascending else "<",
            "direction": "ASC" if ascending else "DESC",
        }
        if not bounded:
            return NEWEST.format(far="", within="", size="size", **parts)
        few = NEWEST.format(far="", within="", size="few", **parts)
        far = FAR.format(few=few, end="infinity" if ascending else "-infinity")
        return NEWEST.format(far=far, within=f"AND updated_at {'<=' if ascending else '>='} far.bound", size="size", **parts)


class AccessRow(models.Model):
    """Derived: through which principal a record is seen. A subclass adds `record`, a foreign key named "access" in reverse.

    The rows come out of the record table by the rule's view: the database need not look up again, one by one, what it just read there.
    """

    pk: Any = models.CompositePrimaryKey("record_id", "principal")
    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    principal = models.IntegerField()
    updated_at = models.DateTimeField()

    objects = AccessQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [
            models.Index("organization", "principal", F("updated_at").desc(), F("record").desc(), name="%(class)s_page"),
        ]


class PersonShare(UserObjectPermissionBase, TenantModel):
    """A fact: this record is shared with this person. A subclass adds `content_object`, named "person_shares" in reverse."""

    shared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("shared by"))

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        default_permissions = ()


class TeamShare(GroupObjectPermissionBase, TenantModel):
    """A fact: this record is shared with the members of this team. A subclass adds `content_object`, named "team_shares" in reverse."""

    shared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("shared by"))

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True
        default_permissions = ()
