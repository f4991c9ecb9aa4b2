"""New rows that say nothing but values of their own columns: written by set statements from where the dry run staged them.

The dry run knows the whole record already: it stages the derived columns and the texts for search and log beside the values, and notes what
these follow from. The commit takes them if that is still so; otherwise, and for rows that name or bring other records, it makes each record
again (crm.imports.commit.Writer). Both write the same (tests/imports/test_straight.py).
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from inspect import getsource
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.log import as_json
from crm.fields.record_types import RecordType
from crm.imports.extras import extra_of
from crm.imports.matching import candidates, draft_columns
from crm.imports.models import Action, Import
from crm.imports.targets import CREATED_AT
from crm.lib import domains, text
from crm.lib.copying import temporary_table
from crm.records.actions.bulk_checks import DraftTable, unique_columns
from crm.records.bulk import clone
from crm.records.drafted import BESIDE, insert_drafted
from crm.records.models import Record
from crm.search import documents
from crm.search.documents import Texts, fields_open_to_all
from crm.tenancy.models import Organization
from crm.users.models import User

Columns = dict[str, "models.Field[Any, Any]"]
TITLE, BODY, NAME, CHANGES = "+title", "+body", "+name", "+changes"
LABEL = 200  # letters of a name that a staged row has anyway
NAMED_BEFORE = ("owner.", "team.")  # what search says of people may be another name by the time of the commit


def own_columns(record_type: RecordType) -> Columns:
    """The columns that a value of a staged row goes into as it is."""
    return {
        column.name: column
        for column in record_type.model._meta.concrete_fields
        if not column.generated and not column.primary_key and not column.is_relation and not (column.null and column.has_default())
    }


class Preparation:
    """What the dry run adds to new rows, as long as all of them are straight."""

    def __init__(self, run: Import, organization: Organization, owner: User) -> None:
        self._owned = {key: [None, as_json(value)] for key, value in (("owner", owner), ("team", owner.team)) if value is not None}
        self._own = own_columns(run.type)
        open_to_all = fields_open_to_all(run.type, organization.pk)
        self._texts = Texts(run.type, open_to_all)
        grounds = _grounds(run.type, organization, owner, open_to_all)
        before: dict[str, Any] = run.prepared or {"grounds": grounds, "keys": []}
        possible = extra_of(run.type.key) is None and not any(path.startswith(NAMED_BEFORE) for path in run.type.search)
        self.grounds = grounds if possible and before.get("grounds") == grounds else ""
        self._keys = set(before.get("keys", ()))

    def of(self, record: Record, label: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The derived columns and the texts of a new record called `label`. None from the first row on that needs more than columns."""
        if not self.grounds:
            return None
        if not values.keys() <= self._keys:
            self._keys.update(values)
            if not self._keys <= self._own.keys():
                self.grounds = ""
                return None
        title, body = self._texts.of(record)
        prepared: dict[str, Any] = {key: value for key in record.derived if (value := getattr(record, key)) is not None}
        prepared[TITLE], prepared[BODY] = len(title), body  # the body begins with it
        if len(label) > LABEL:
            prepared[NAME] = label[:300]
        prepared[CHANGES] = self._owned | {
            key: (None, value) for key, value in values.items() if value is not None and value != "" and key != CREATED_AT
        }
        return prepared

    def as_json(self) -> dict[str, Any]:
        return {"grounds": self.grounds, "keys": sorted(self._keys)}


def _grounds(record_type: RecordType, organization: Organization, owner: User, open_to_all: Iterable[str]) -> str:
    """What derived columns and search texts follow from besides the row: if any of it changes, they are made again."""
    settings = [str(getattr(organization, column.attname)) for column in organization._meta.concrete_fields]
    rules = [getsource(module) for module in (sys.modules[record_type.model.__module__], text, domains, documents)]  # an update may come
    whose = [owner.pk, str(owner), owner.team_id, str(owner.team)]
    facts = [rules, whose, record_type.key, record_type.search, sorted(open_to_all), settings]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


class StraightWriter:
    """Writes staged new rows batch by batch, if `possible`."""

    def __init__(self, run: Import, by: User, template: Any, job_id: int) -> None:
        self._run, self._by, self._job_id = run, by, job_id
        self._template: Record = clone(template)
        self._type = run.type
        organization = by.own_organization
        noted = run.prepared.get("grounds")
        self.possible = bool(noted) and noted == _grounds(
            self._type, organization, template.owner, fields_open_to_all(self._type, organization.pk)
        )

    @cached_property
    def _own(self) -> Columns:
        """Columns that some row has a value for."""
        keys = {*self._run.prepared["keys"], *self._template.derived}
        return {key: column for key, column in own_columns(self._type).items() if key in keys}

    @cached_property
    def _asked(self) -> Columns:
        """Further columns, which constraints and the match key ask."""
        keys = unique_columns(self._template) | set(draft_columns(self._type, self._run.match)) | {"organization"}
        return {c.name: c for c in self._template._meta.concrete_fields if c.name in keys - self._own.keys() and not c.generated}

    def insert(self, after: int, size: int) -> tuple[int, int, dict[int, tuple[str, str]]]:
        """The next rows after that number: the last of them, how many, and those that cannot be written any more."""
        self._template.created_at = timezone.now()
        columns = [*self._own.values(), *self._asked.values()]
        types = {"number": "bigint", "record_id": "bigint", **BESIDE} | {str(c.column): _type(c) for c in columns}
        with connection.cursor() as cursor, temporary_table(cursor, "drafts", types):
            drafts = DraftTable(type(self._template), columns, cursor)
            self._fill(drafts, list(types), after, size)
            ((last, count),) = drafts.select("SELECT max(number), count(*) FROM drafts")
            refusals = self._doubles(drafts)
            if refusals:
                drafts.drop(refusals)
            insert_drafted(self._template, drafts, self._own, by=self._by, job_id=self._job_id)
        return last or after, count, refusals

    def _fill(self, drafts: DraftTable, names: Sequence[str], after: int, size: int) -> None:
        """The staged rows as columns: what a row does not say is what a new record has."""
        given = ", ".join(f'"{key}" {_type(column)}' for key, column in self._own.items())
        picked = [self._picked(column) for column in self._own.values()] + [f"%s::{_type(column)}" for column in self._asked.values()]
        constant = [column for column in self._own.values() if not column.null] + list(self._asked.values())
        drafts.cursor.execute(
            f"INSERT INTO drafts ({', '.join(map(connection.ops.quote_name, names))}) "  # noqa: S608  # names from models
            "SELECT s.number, s.record_id, coalesce(s.prepared->>%s, s.label), "
            "substr(s.prepared->>%s, 2, (s.prepared->>%s)::int), s.prepared->>%s, s.prepared->%s, "
            f"{', '.join(picked)} FROM (SELECT * FROM imports_importrow WHERE run_id = %s AND action = %s AND level = 0 AND number > %s "
            f"ORDER BY number LIMIT %s) s CROSS JOIN LATERAL jsonb_to_record(s.values) AS v({given}) "
            f"CROSS JOIN LATERAL jsonb_to_record(s.prepared) AS p({given})",
            [
                NAME, BODY, TITLE, BODY, CHANGES,
                *[column.get_db_prep_save(getattr(self._template, column.attname), connection) for column in constant],
                self._run.pk, Action.NEW, after, size,
            ],
        )  # fmt: skip
        drafts.cursor.execute("ANALYZE drafts (number)")

    def _picked(self, column: "models.Field[Any, Any]") -> str:
        source = "p" if column.name in self._template.derived else "v"
        return f'{source}."{column.name}"' if column.null else f'coalesce({source}."{column.name}", %s::{_type(column)})'

    def _doubles(self, drafts: DraftTable) -> dict[int, tuple[str, str]]:
        """What somebody else made since the dry run."""
        refusals = {
            number: ("", str(constraint.get_violation_error_message())) for number, constraint in drafts.violations(unique_only=True)
        }
        if self._run.match:
            for number in candidates(drafts, self._type, self._run.match, self._by.organization_id or 0):
                refusals.setdefault(number, ("", _("A record with this key was added since the dry run.")))
        return refusals


def _type(column: "models.Field[Any, Any]") -> str:
    return str(column.db_type(connection))
