"""The worker's application, and the static schedule of what runs by the clock."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")

app = Celery("tern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

NIGHTLY = crontab(hour="2", minute="30")
app.conf.beat_schedule = {
    "events": {"task": "crm.events.tasks.dispatch_events", "schedule": 15.0},
    "due": {"task": "crm.notifications.tasks.fire_due", "schedule": 20.0, "options": {"expires": 60}},
    "jobs": {"task": "crm.jobs.tasks.sweep_jobs", "schedule": 10.0},
    "removed-fields": {"task": "crm.setup.tasks.forget_removed_fields", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "access-rows": {"task": "crm.records.tasks.repair_access_rows", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "recycle-bins": {"task": "crm.records.tasks.empty_recycle_bins", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "old-changes": {"task": "crm.audit.tasks.forget_old_changes", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "old-jobs": {"task": "crm.jobs.tasks.forget_old_jobs", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "old-imports": {"task": "crm.imports.tasks.forget_old_imports", "schedule": NIGHTLY},
    "old-exports": {"task": "crm.exports.tasks.forget_old_exports", "schedule": 3600.0},
    "old-bulk-changes": {"task": "crm.bulk.tasks.forget_old_changes", "schedule": NIGHTLY, "options": {"queue": "bulk"}},
    "digests": {"task": "crm.notifications.tasks.send_digests", "schedule": 600.0, "options": {"queue": "mail", "expires": 600}},
    "mails": {"task": "crm.mail.tasks.send_waiting_mails", "schedule": 30.0, "options": {"queue": "mail", "expires": 60}},
    "held-mails": {"task": "crm.mail.tasks.forget_held_mails", "schedule": NIGHTLY},
    "api-requests": {"task": "crm.api.tasks.forget_old_requests", "schedule": NIGHTLY},
    "sign-ups": {"task": "crm.users.tasks.forget_sign_ups", "schedule": NIGHTLY},
    "sign-ins": {"task": "crm.users.tasks.forget_sign_ins", "schedule": NIGHTLY},
}


@task_prerun.connect
def name_the_task(task_id: str, task: Any, **_: object) -> None:
    """All that is logged from here on says which task it was."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
