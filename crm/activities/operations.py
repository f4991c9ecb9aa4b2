"""The migration operation that lets whoever sees a record see the activities on it."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from crm.access.operations import RULE

VIEW = "activities_link_principal"
ACCESS = "activities_activityaccess"
NOTHING = "SELECT NULL::bigint AS activity_id, NULL::bigint AS organization_id, NULL::int AS principal WHERE false"
OF_ONE = (
    "SELECT l.activity_id, l.organization_id, p.principal FROM activities_activitylink l JOIN {access} p "
    "ON l.record_type = '{key}' AND p.record_id = l.record_id AND p.organization_id = l.organization_id"
)
OWN = RULE.format(table="activities_activity", people="activities_activitypersonshare", teams="activities_activityteamshare").replace(
    "CREATE VIEW", "CREATE OR REPLACE VIEW"
)
SEEN_WITH = """
  UNION ALL SELECT a.id, a.organization_id, a.updated_at, p.principal
    FROM activities_activity a
    JOIN activities_activitylink l ON l.activity_id = a.id AND l.organization_id = a.organization_id AND l.record_type = '{key}'
    JOIN {access} p ON p.record_id = l.record_id AND p.organization_id = l.organization_id
   WHERE a.deleted_at IS NULL
"""
# The plan is kept for the session, and what changed is one row or a hundred thousand: OFFSET 0 keeps the walk along the index of links.
FOLLOW = """
CREATE OR REPLACE FUNCTION activities_seen_with_{key}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO activities_activityaccess (organization_id, principal, updated_at, record_id)
    SELECT DISTINCT n.organization_id, n.principal, a.updated_at, a.id
      FROM changed n CROSS JOIN LATERAL (
        SELECT a.id, a.updated_at FROM activities_activitylink l JOIN activities_activity a ON a.id = l.activity_id AND a.deleted_at IS NULL
         WHERE l.organization_id = n.organization_id AND l.record_type = '{key}' AND l.record_id = n.record_id OFFSET 0) a
    ON CONFLICT (record_id, principal) DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION activities_unseen_with_{key}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE activities bigint[]; lost int[];
BEGIN
    SELECT array_agg(l.activity_id), array_agg(o.principal) INTO activities, lost
      FROM changed o CROSS JOIN LATERAL (
        SELECT activity_id FROM activities_activitylink
         WHERE organization_id = o.organization_id AND record_type = '{key}' AND record_id = o.record_id OFFSET 0) l;
    IF activities IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM activities_activityaccess x
     USING (SELECT * FROM unnest(activities, lost) AS gone(record_id, principal)
            EXCEPT SELECT v.record_id, v.principal FROM activities_activity_principal v WHERE v.record_id = ANY(activities)) gone
     WHERE x.record_id = gone.record_id AND x.principal = gone.principal;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
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
            schema_editor.execute((FOLLOW + TRIGGERS).format(**facts))
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
        """A flat union: each part begins with the activities that are asked for, whatever the number of links."""
        rule = " UNION ALL ".join(OF_ONE.format(**each) for each in facts) or NOTHING
        schema_editor.execute(f"CREATE OR REPLACE VIEW {VIEW} WITH (security_invoker) AS {rule}")
        schema_editor.execute(OWN + "".join(SEEN_WITH.format(**each) for each in facts))

    def describe(self) -> str:
        return f"Show activities to whoever sees their {', '.join(self.models)}"

    @property
    def migration_name_fragment(self) -> str:
        return "activities_seen_with_" + "_".join(name.lower() for name in self.models)


class RenewActivitiesRule(SeeActivitiesWith):
    """The rule and the trigger functions once more, as they are written now, for all models ("app.Model") named so far."""

    def __init__(self, *models: str) -> None:
        super().__init__(before=models)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.before), {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        facts = self._facts(to_state, list(self.before))
        for each in facts:
            schema_editor.execute(FOLLOW.format(**each))
        self._replace(schema_editor, facts)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """What was written before means the same."""

    def describe(self) -> str:
        return f"Write the rule of the activities seen with {', '.join(self.before)} anew"

    @property
    def migration_name_fragment(self) -> str:
        return "activities_rule_anew"
