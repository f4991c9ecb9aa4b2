import django.core.validators
from django.contrib.postgres.operations import BtreeGinExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("slug", models.SlugField(help_text="Used in commands and addresses.", unique=True, verbose_name="short name")),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                ("currency", models.CharField(default="EUR", max_length=3, verbose_name="currency")),
                (
                    "fiscal_year_start",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)],
                        verbose_name="fiscal year starts in month",
                    ),
                ),
                (
                    "date_format",
                    models.CharField(
                        choices=[
                            ("Y-m-d", "2026-11-22"),
                            ("d.m.Y", "22.11.2026"),
                            ("d/m/Y", "22/11/2026"),
                            ("m/d/Y", "11/22/2026"),
                            ("j M Y", "22 Nov 2026"),
                        ],
                        default="j M Y",
                        max_length=10,
                        verbose_name="date format",
                    ),
                ),
                ("unique_customer_names", models.BooleanField(default=False, verbose_name="customer names are unique")),
                ("unique_contact_emails", models.BooleanField(default=True, verbose_name="contact e-mail addresses are unique")),
                ("is_demo", models.BooleanField(default=False, verbose_name="demonstration")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year_start__range", (1, 12))), name="organization_fiscal_year_start_is_a_month"
                    )
                ],
            },
        ),
    ]
