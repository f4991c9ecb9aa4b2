"""Fetching an import: one's own; an administrator's all of the organization."""

from typing import Any

from django.http import Http404

from crm.imports.models import Import
from crm.users.models import User


def imports_of(user: User) -> Any:
    runs = Import.objects.filter(organization_id=user.own_organization_id).select_related(
        "person", "owner", "check_job", "commit_job", "undo_job"
    )
    return runs if user.is_administrator else runs.filter(person=user)


def import_or_404(user: User, pk: int, *, lock: bool = False) -> Import:
    """`lock`: held until the request's transaction ends, so that a second window cannot step in between."""
    runs = imports_of(user).select_for_update(of=("self",)) if lock else imports_of(user)
    run: Import | None = runs.filter(pk=pk).first() if pk < 2**63 else None
    if run is None:
        raise Http404
    return run
