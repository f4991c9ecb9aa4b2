import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0004_unique_domains_and_tax_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("hint", models.CharField(editable=False, max_length=16, verbose_name="begins with")),
                ("scopes", models.JSONField(default=list, verbose_name="scopes")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ApiRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="time")),
                ("method", models.CharField(max_length=10, verbose_name="method")),
                ("path", models.CharField(max_length=200, verbose_name="path")),
                ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                ("duration_ms", models.PositiveIntegerField(verbose_name="milliseconds")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="api.apitoken",
                        verbose_name="token",
                    ),
                ),
            ],
            options={
                "verbose_name": "API request",
                "verbose_name_plural": "API requests",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="apitoken",
            index=models.Index(models.F("organization"), models.OrderBy(models.F("id"), descending=True), name="api_token_newest"),
        ),
        migrations.AddIndex(
            model_name="apirequest",
            index=models.Index(models.F("organization"), models.OrderBy(models.F("id"), descending=True), name="api_request_newest"),
        ),
        migrations.AddIndex(
            model_name="apirequest",
            index=models.Index(
                models.F("organization"), models.F("token"), models.OrderBy(models.F("id"), descending=True), name="api_request_of_token"
            ),
        ),
        migrations.AddIndex(
            model_name="apirequest",
            index=models.Index(models.F("organization"), models.F("at"), name="api_request_by_time"),
        ),
        migrations.AddIndex(
            model_name="idempotentanswer",
            index=models.Index(models.F("organization"), models.F("at"), name="idempotent_answer_by_time"),
        ),
        migrations.AddConstraint(
            model_name="idempotentanswer",
            constraint=models.UniqueConstraint(fields=("organization", "person", "key"), name="idempotent_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="idempotentanswer",
            constraint=models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="idempotent_answer_has_a_key"),
        ),
        EnableTenantPolicy("ApiRequest"),
        EnableTenantPolicy("IdempotentAnswer"),
    ]
