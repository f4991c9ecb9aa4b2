"""The log of changes: auditlog's entry with the organization, the verb and the job that did it."""

from typing import Any

from auditlog.models import AbstractLogEntry
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import Organization, TenantModel, organization_default


class LogEntry(TenantModel, AbstractLogEntry):  # type: ignore[misc, django-manager-missing]  # the base is untyped
    """One change of one record. `changes` is {field: [old, new]}, values as JSON; custom fields are `custom.<name>`.

    Written by actions only, never by signals. The base's single-column indexes are dropped: history is read by record,
    the organization's log by time. What happened stays written whoever and whatever it was about: no constraint looks that up for each
    line of an import, the policy holds the organization.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        db_default=organization_default(),
        db_index=False,
        db_constraint=False,
        editable=False,
        related_name="+",
    )
    object_pk = models.CharField(max_length=255, verbose_name=_("object pk"))
    object_id = models.BigIntegerField(blank=True, null=True, verbose_name=_("object id"))
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices, verbose_name=_("action"))
    cid = models.CharField(max_length=255, blank=True, null=True, verbose_name=_("request id"))  # noqa: DJ001  # as the base has it
    timestamp = models.DateTimeField(verbose_name=_("time"))
    content_type: Any = models.ForeignKey("contenttypes.ContentType", models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    actor: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("actor"),
    )  # fmt: skip
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
