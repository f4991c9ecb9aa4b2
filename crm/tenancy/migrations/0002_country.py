from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_organization"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="country",
            field=models.CharField(
                blank=True, help_text="Telephone numbers without a country code belong here.", max_length=2, verbose_name="country"
            ),
        ),
    ]
