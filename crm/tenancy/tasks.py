"""Celery tasks that work for one organization."""

from typing import Any

from celery import Task

from crm.tenancy.transaction import tenant


class TenantTask(Task):  # type: ignore[type-arg]  # celery's Task is generic only in its stubs
    """A task whose first argument is the organization's id; its body runs in that tenant's transaction."""

    abstract = True

    def __call__(self, organization_id: int, *args: Any, **kwargs: Any) -> Any:
        with tenant(organization_id):
            return self.run(organization_id, *args, **kwargs)
