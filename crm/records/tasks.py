"""What runs every night: the access rows are compared with the rule, and mended where an action failed to keep them."""

import logging

from celery import shared_task

from crm.access.derived import repair_access
from crm.fields.record_types import record_types
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def repair_access_rows() -> int:
    """All organizations, one transaction each. Returns how many rows were wrong: more than 0 is a fault of ours and is logged."""
    wrong = 0
    models = {kind.model._meta.concrete_model for kind in record_types}
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            mended = {model._meta.label: repair_access(model) for model in models if model}
        for label, rows in mended.items():
            if rows:
                logger.error("access rows mended", extra={"organization": organization_id, "model": label, "rows": rows})
        wrong += sum(mended.values())
    return wrong
