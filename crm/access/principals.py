"""In which capacities a person reaches records, as small integers."""

from enum import IntEnum
from hashlib import md5

from django.db import connection

from crm.users.models import Reach, User


class Principal(IntEnum):
    """A principal is `pk * 8 + kind`: owning a record is never the same as being shared with."""

    EVERYONE, OWNER, TEAM, PERSON, GROUP = range(5)

    def of(self, pk: int = 0) -> int:
        return pk * 8 + self


PRINCIPALS = """
WITH RECURSIVE tree(id) AS (
    SELECT id FROM users_team WHERE organization_id = %(organization)s AND id = %(team)s AND %(teams)s
    UNION
    SELECT child.id FROM users_team child JOIN tree ON child.parent_id = tree.id
    WHERE child.organization_id = %(organization)s AND %(deep)s
)
SELECT array(
    SELECT %(everyone)s
    UNION ALL SELECT id * 8 + 2 FROM tree
    UNION ALL SELECT id * 8 + 1 FROM users_user
              WHERE organization_id = %(organization)s AND (id = %(user)s OR %(deep)s AND team_id IN (SELECT id FROM tree))
    UNION ALL SELECT %(user)s * 8 + 3
    UNION ALL SELECT group_id * 8 + 4 FROM users_user_groups WHERE user_id = %(user)s
)::int[]
"""


def principals_of(user: User, record_type: str, verb: str) -> list[int]:
    """The principals through which the person reaches records of this type with this verb.

    Empty when out of reach; meaningless for reach "all", which needs no principal. Read once per request and reach.
    """
    reach = user.reach(record_type, verb)
    if reach == Reach.NONE:
        return []
    known: dict[Reach, list[int]] = user.__dict__.setdefault("_principals", {})
    if reach not in known:
        with connection.cursor() as cursor:
            cursor.execute(
                PRINCIPALS,
                {
                    "organization": user.organization_id,
                    "user": user.pk,
                    "team": user.team_id,
                    "teams": reach != Reach.OWN,
                    "deep": reach in {Reach.TREE, Reach.ALL},
                    "everyone": int(Principal.EVERYONE),
                },
            )
            known[reach] = cursor.fetchone()[0]
    return known[reach]


def reach_mark(user: User, record_type: str) -> str:
    """Names what the person sees of this type: another one as soon as a role, a team or a place in the tree changes. For keys of caches."""
    reach = user.reach(record_type, "view")
    seen = sorted(principals_of(user, record_type, "view")) if reach != Reach.ALL else []
    return f"{reach}:{md5(repr(seen).encode(), usedforsecurity=False).hexdigest()}"


def pks_among(principals: list[int], kind: Principal) -> list[int]:
    """The keys of one kind among principals: teams, owners, groups."""
    return [principal // 8 for principal in principals if principal % 8 == kind]
