"""What search does when something happened elsewhere."""

from crm.events.models import Event
from crm.events.outbox import on
from crm.fields.record_types import record_types
from crm.search.rebuild import rebuild_documents


@on("role.changed", "role.created", "role.deleted")
def search_only_what_every_role_may_read(event: Event) -> None:
    """Documents hold the fields that no role withholds: written again when a role opened or closed one."""
    for key in event.data.get("levels", []):
        if key in record_types:
            rebuild_documents(record_types[key], event.organization_id)
