"""Who may use the API as whom, what was asked, and what was answered to a request that may be sent again."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import User


class TokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, person: User) -> Self:
        """The person's own ones."""
        return self.filter(organization_id=person.own_organization_id, person=person)

    def of_organization(self, organization_id: int | None) -> Self:
        return self.filter(organization_id=organization_id or 0)


class ApiToken(TenantModel):
    """What a program shows in place of a person's password. It never allows more than the person may do, and less where `scopes` say so.

    Only the hash of the secret is kept. Read before a tenant is known, so outside of the tenant's policy: nothing else is in it.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=100)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=16, editable=False)
    scopes: Any = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        default_permissions = ()
        indexes = [models.Index("organization", F("id").desc(), name="api_token_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and not self.is_expired


class ApiRequest(TenantModel):
    """One request of a token: by its path without the question behind it, which may hold what is private."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+", db_index=False, db_constraint=False, verbose_name=_("token"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    method = models.CharField(_("method"), max_length=10)
    path = models.CharField(_("path"), max_length=200)
    status = models.PositiveSmallIntegerField(_("status"))
    duration_ms = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        verbose_name = _("API request")
        verbose_name_plural = _("API requests")
        default_permissions = ()
        indexes = [
            models.Index("organization", F("id").desc(), name="api_request_newest"),
            models.Index("organization", "token", F("id").desc(), name="api_request_of_token"),
            models.Index("organization", "at", name="api_request_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status}"


class IdempotentAnswer(TenantModel):
    """What a request with an Idempotency-Key was answered. `fingerprint` tells another request with the same key."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers: Any = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "key"], name="idempotent_answer_once"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotent_answer_has_a_key"),
        ]
        indexes = [models.Index("organization", "at", name="idempotent_answer_by_time")]

    def __str__(self) -> str:
        return self.key
