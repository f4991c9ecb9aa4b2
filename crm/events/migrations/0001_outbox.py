import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_organization"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("record_type", models.CharField(blank=True, max_length=60)),
                ("record_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={"verbose_name": "event", "verbose_name_plural": "events"},
        ),
        migrations.CreateModel(
            name="HandledEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handler", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="handled", to="events.event")),
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
            ],
        ),
        migrations.CreateModel(
            name="PendingEvent",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("organization_id", models.BigIntegerField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "waiting event",
                "verbose_name_plural": "waiting events",
                "indexes": [models.Index(fields=["next_attempt_at"], name="pending_event_due")],
            },
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["organization", "record_type", "record_id", "-at"], name="event_of_record"),
        ),
        migrations.AddConstraint(
            model_name="handledevent",
            constraint=models.UniqueConstraint(fields=("organization", "event", "handler"), name="event_handled_once"),
        ),
    ]
