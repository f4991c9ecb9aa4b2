"""The migration operation that lets the ready roles of organizations that exist already reach a new record type."""

from typing import Any

from django.db.migrations import RunPython

from crm.users.ready_roles import READY_ROLES


def reach_of_ready_roles(*record_types: str) -> RunPython:
    """Ready roles get their first reaches on these record types, as in a new organization. What somebody set there already stays."""

    def give(apps: Any, schema_editor: Any) -> None:
        first = {role["key"]: role["reaches"] for role in READY_ROLES}
        for role in apps.get_model("users", "Role").objects.using(schema_editor.connection.alias).filter(key__in=first):
            new = {key: first[role.key][key] for key in record_types if key in first[role.key] and key not in role.reaches}
            if new:
                role.reaches = {**role.reaches, **new}
                role.save(update_fields=["reaches"])

    return RunPython(give, RunPython.noop)
