"""The log of changes: auditlog's entry with the organization, the verb and the job that did it."""

from typing import Any

from auditlog.models import AbstractLogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class LogEntry(TenantModel, AbstractLogEntry):  # type: ignore[misc, django-manager-missing]  # the base is untyped
    """One change of one record. `changes` is {field: [old, new]}, values as JSON; custom fields are `custom.<name>`.

    Written by actions only, never by signals. The base's single-column indexes are dropped: history is read by record,
    the organization's log by time.
    """

    object_pk = models.CharField(max_length=255, verbose_name=_("object pk"))
    object_id = models.BigIntegerField(blank=True, null=True, verbose_name=_("object id"))
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices, verbose_name=_("action"))
    cid = models.CharField(max_length=255, blank=True, null=True, verbose_name=_("request id"))  # noqa: DJ001  # as the base has it
    timestamp = models.DateTimeField(verbose_name=_("time"))
    content_type: Any = models.ForeignKey("contenttypes.ContentType", models.CASCADE, related_name="+", db_index=False)
    verb = models.CharField(_("verb"), max_length=60, help_text=_("What happened, as in “customer.updated”."))
    job_id = models.BigIntegerField(_("job"), null=True, blank=True)

    class Meta(AbstractLogEntry.Meta):  # type: ignore[misc]
        abstract = False
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["organization", "content_type", "object_id", "-timestamp"], name="log_of_record"),
            models.Index(fields=["organization", "-timestamp"], name="log_by_time"),
            models.Index(fields=["job_id"], name="log_of_job", condition=models.Q(job_id__isnull=False)),
        ]
