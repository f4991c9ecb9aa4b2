"""The migration operation that lets whoever sees a record see the activities on it."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

VIEW = "activities_link_principal"
ACCESS = "activities_activityaccess"
NOTHING = "SELECT NULL::bigint AS activity_id, NULL::bigint AS organization_id, NULL::int AS principal WHERE false"
OF_ONE = (
    "SELECT l.activity_id, l.organization_id, p.principal FROM activities_activitylink l JOIN {access} p "
    "ON l.record_type = '{key}' AND p.record_id = l.record_id AND p.organization_id = l.organization_id"
)
FOLLOW = """
CREATE FUNCTION activities_seen_with_{key}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO activities_activityaccess (organization_id, principal, updated_at, record_id)
    SELECT DISTINCT n.organization_id, n.principal, a.updated_at, a.id
      FROM changed n
      JOIN activities_activitylink l ON l.organization_id = n.organization_id AND l.record_type = '{key}' AND l.record_id = n.record_id
      JOIN activities_activity a ON a.id = l.activity_id AND a.deleted_at IS NULL
    ON CONFLICT (record_id, principal) DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION activities_unseen_with_{key}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM activities_activityaccess x
     USING changed o
      JOIN activities_activitylink l ON l.organization_id = o.organization_id AND l.record_type = '{key}' AND l.record_id = o.record_id
     WHERE x.record_id = l.activity_id AND x.principal = o.principal
       AND NOT EXISTS (SELECT 1 FROM activities_activity_principal v WHERE v.record_id = x.record_id AND v.principal = x.principal);
    RETURN NULL;
END $$;
CREATE TRIGGER activities_seen AFTER INSERT ON {access} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION activities_seen_with_{key}();
CREATE TRIGGER activities_unseen AFTER DELETE ON {access} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION activities_unseen_with_{key}();
"""
UNFOLLOW = """
DROP TRIGGER activities_seen ON {access};
DROP TRIGGER activities_unseen ON {access};
DROP FUNCTION activities_seen_with_{key}();
DROP FUNCTION activities_unseen_with_{key}();
"""


class SeeActivitiesWith(Operation):
    """Whoever is a principal of one of these records is one of the activities that hang on it.

    The record's own derived rows say who its principals are, so a repair starts with the records and ends with the activities.
    `models` are those of this app; `before` are the others ("app.Model") that earlier migrations have named.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, *models: str, before: tuple[str, ...] = ()) -> None:
        self.models, self.before = models, before

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.models), {"before": self.before}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models do not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for facts in self._facts(to_state, self._own(app_label)):
            schema_editor.execute(FOLLOW.format(**facts))
        self._replace(schema_editor, self._facts(to_state, [*self.before, *self._own(app_label)]))
        schema_editor.execute(
            f"INSERT INTO {ACCESS} (organization_id, principal, updated_at, record_id) "  # noqa: S608  # names from models
            "SELECT DISTINCT organization_id, principal, updated_at, record_id FROM activities_activity_principal ON CONFLICT DO NOTHING"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._replace(schema_editor, self._facts(from_state, list(self.before)))
        for facts in self._facts(from_state, self._own(app_label)):
            schema_editor.execute(UNFOLLOW.format(**facts))

    def _own(self, app_label: str) -> list[str]:
        return [f"{app_label}.{name}" for name in self.models]

    def _facts(self, state: ProjectState, labels: list[str]) -> list[dict[str, str]]:
        found = []
        for label in labels:
            app, name = label.split(".")
            access: Any = state.apps.get_model(app, f"{name}Access")
            found.append({"key": name.lower(), "access": access._meta.db_table})
        return found

    def _replace(self, schema_editor: BaseDatabaseSchemaEditor, facts: list[dict[str, str]]) -> None:
        rule = " UNION ALL ".join(OF_ONE.format(**each) for each in facts) or NOTHING
        schema_editor.execute(f"CREATE OR REPLACE VIEW {VIEW} WITH (security_invoker) AS {rule}")

    def describe(self) -> str:
        return f"Show activities to whoever sees their {', '.join(self.models)}"

    @property
    def migration_name_fragment(self) -> str:
        return "activities_seen_with_" + "_".join(name.lower() for name in self.models)
