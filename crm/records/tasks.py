"""What runs every night: the access rows are compared with the rule and mended, what lay in the recycle bin for long goes."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.access.derived import repair_access
from crm.fields.record_types import RecordType, record_types
from crm.records.actions.purge import purge_old
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

BATCH = 200
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


@shared_task(ignore_result=True)
def empty_recycle_bins() -> int:
    """What was deleted more than RECYCLE_BIN_DAYS ago goes for good, some hundreds in a transaction. Returns how many records went."""
    if not settings.RECYCLE_BIN_DAYS:
        return 0
    organizations = list(Organization.objects.values_list("pk", flat=True))
    return sum(_empty(organization_id, kind) for organization_id in organizations for kind in record_types)


def _empty(organization_id: int, kind: RecordType) -> int:
    before = timezone.now() - timedelta(days=settings.RECYCLE_BIN_DAYS)
    after: int | None = 0
    gone = 0
    while after is not None:
        with tenant(organization_id):
            after, went = purge_old(kind, organization_id, before=before, after=after, size=BATCH)
        gone += went
    return gone
