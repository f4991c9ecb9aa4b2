"""The migration operations that give a record type its access rule."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from crm.tenancy.operations import EnableTenantPolicy

RULE = """
CREATE VIEW {table}_principal WITH (security_invoker) AS
  SELECT id AS record_id, organization_id, updated_at, owner_id::int * 8 + 1 AS principal
    FROM {table} WHERE owner_id IS NOT NULL AND deleted_at IS NULL
  UNION ALL SELECT id, organization_id, updated_at, team_id::int * 8 + 2
    FROM {table} WHERE team_id IS NOT NULL AND deleted_at IS NULL
  UNION ALL SELECT r.id, r.organization_id, r.updated_at, s.user_id::int * 8 + 3
    FROM {people} s JOIN {table} r ON r.id = s.content_object_id AND r.organization_id = s.organization_id WHERE r.deleted_at IS NULL
  UNION ALL SELECT r.id, r.organization_id, r.updated_at, s.group_id * 8 + 4
    FROM {teams} s JOIN {table} r ON r.id = s.content_object_id AND r.organization_id = s.organization_id WHERE r.deleted_at IS NULL
"""


class CreateAccessRule(Operation):
    """The view that is the single rule of who may see records of the model, and the planner's statistics on the rows below it."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, access: str, person_share: str, team_share: str) -> None:
        self.model_name, self.access, self.person_share, self.team_share = model_name, access, person_share, team_share

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.model_name, self.access, self.person_share, self.team_share], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models do not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table, access, people, teams = self._tables(app_label, to_state)
        schema_editor.execute(RULE.format(table=table, people=people, teams=teams))
        schema_editor.execute(f"ALTER TABLE {access} ALTER principal SET STATISTICS 1000")
        schema_editor.execute(f"CREATE STATISTICS {access}_principals (mcv, dependencies) ON organization_id, principal FROM {access}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table, access, _, _ = self._tables(app_label, from_state)
        schema_editor.execute(f"DROP STATISTICS {access}_principals")
        schema_editor.execute(f"DROP VIEW {table}_principal")

    def _tables(self, app_label: str, state: ProjectState) -> list[str]:
        names = (self.model_name, self.access, self.person_share, self.team_share)
        models: list[Any] = [state.apps.get_model(app_label, name) for name in names]
        return [model._meta.db_table for model in models]

    def describe(self) -> str:
        return f"Say who may see {self.model_name} records"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_access_rule"


def record_rules(model_name: str) -> list[Operation]:
    """All that a record type needs in its migration, once its four tables are there: their policies, and who may see what.

    The tables beside it are named as everywhere: <Model>Access, <Model>PersonShare, <Model>TeamShare.
    """
    beside = [f"{model_name}{table}" for table in ("Access", "PersonShare", "TeamShare")]
    return [*(EnableTenantPolicy(name) for name in (model_name, *beside)), CreateAccessRule(model_name, *beside)]
