"""What becomes of old imports."""

from celery import shared_task
from django.utils import timezone

from crm.imports.actions import KEPT, forget, forget_rows
from crm.imports.models import Import, Stage
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

OPEN = (Stage.MAPPING, Stage.CHECKED)


@shared_task(ignore_result=True)
def forget_old_imports() -> int:
    """A month after: staged rows and files go, the import's numbers stay; imports that were never written go. Returns how many."""
    done = 0
    before = timezone.now() - KEPT
    for organization in Organization.objects.all():
        with tenant(organization):
            for run in Import.objects.filter(organization=organization, created_at__lt=before).exclude(folder=""):
                if run.stage in OPEN:
                    forget(run)
                elif run.imported_at is not None and run.imported_at < before:
                    _forget_file(run)
                else:
                    continue
                done += 1
    return done


def _forget_file(run: Import) -> None:
    forget_rows(run)
    run.path.unlink(missing_ok=True)
    run.refused_path.unlink(missing_ok=True)
    Import.objects.filter(pk=run.pk).update(folder="")
