import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import crm.users.models.invitations
from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0002_country"),
        ("users", "0002_tenant_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstRunCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("nonce", models.CharField(default=crm.users.models.invitations.new_nonce, editable=False, max_length=16)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                ("expires_at", models.DateTimeField(default=crm.users.models.invitations.default_expiry, verbose_name="expires")),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
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
                    "role",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="users.role", verbose_name="role"),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="users.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["email"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="invitation_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail address")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("wrong_password", "Wrong password"),
                            ("locked_out", "Locked out after too many attempts"),
                            ("second_factor_failed", "Wrong second factor"),
                            ("switched_off", "Account switched off"),
                            ("signed_out", "Signed out"),
                            ("idle", "Signed out after a time without activity"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("address", models.GenericIPAddressField(verbose_name="address")),
                ("agent", models.CharField(blank=True, max_length=300, verbose_name="browser")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in",
                "verbose_name_plural": "sign-ins",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["user", "-at"], name="sign_in_of_person"),
                    models.Index(fields=["-at"], name="sign_in_newest"),
                ],
            },
        ),
        EnableTenantPolicy("Invitation"),
    ]
