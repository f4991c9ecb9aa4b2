"""What becomes of old exports."""

import time
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.exports.actions import forget, throw_away
from crm.exports.models import KEPT, Export
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

A_DAY = 24 * 3600


@shared_task(ignore_result=True)
def forget_old_exports() -> int:
    """After a week exports go with their files; so do files whose export was never committed. Returns how many exports."""
    done = 0
    before = timezone.now() - KEPT
    for organization in Organization.objects.all():
        with tenant(organization):
            for export in Export.objects.filter(organization=organization, created_at__lt=before).select_related("job"):
                if not export.is_running:
                    forget(export)
                    done += 1
            known = set(Export.objects.filter(organization=organization).values_list("folder", flat=True))
        _throw_away_unknown(Path(settings.MEDIA_ROOT) / "exports" / str(organization.pk), known)
    return done


def _throw_away_unknown(directory: Path, known: set[str]) -> None:
    """Folders of a day ago: younger ones may belong to a transaction that is not over."""
    for folder in directory.iterdir() if directory.is_dir() else ():
        if folder.name not in known and time.time() - folder.stat().st_mtime > A_DAY:
            throw_away(folder)
