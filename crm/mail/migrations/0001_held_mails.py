import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0002_country"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=320, verbose_name="from")),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), size=None, verbose_name="to"),
                ),
                ("subject", models.CharField(max_length=500, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "attachments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), default=list, size=None, verbose_name="attachments"
                    ),
                ),
                ("held_at", models.DateTimeField(auto_now_add=True, verbose_name="held")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mails",
                "ordering": ["-held_at", "-pk"],
                "indexes": [
                    models.Index(fields=["organization", "-held_at"], name="held_mail_newest"),
                    models.Index(fields=["-held_at"], name="held_mail_all"),
                ],
            },
        ),
    ]
