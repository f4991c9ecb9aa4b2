import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_organization"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("record_id", "record_type", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("record_id", models.BigIntegerField()),
                ("record_type", models.CharField(max_length=60)),
                ("principals", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("updated_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("body"), name="gin_trgm_ops"), name="search_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["organization", "principals"], name="search_principals"),
                    models.Index(
                        models.F("organization"),
                        models.F("title"),
                        models.OrderBy(models.F("updated_at"), descending=True),
                        name="search_title",
                    ),
                    models.Index(models.F("organization"), models.OrderBy(models.F("updated_at"), descending=True), name="search_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("word"), name="gin_trgm_ops"), name="search_word_near"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("organization", "word"), name="search_word_unique")],
            },
        ),
    ]
