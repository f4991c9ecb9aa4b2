from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_relationships_once_from_either_side"),
        ("tenancy", "0003_idle_minutes"),
        ("users", "0004_promised_organizations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="shipping_same_as_billing",
            field=models.BooleanField(default=False, verbose_name="shipping same as billing"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shipping_same_as_billing", False),
                    models.Q(
                        ("shipping_city", ""),
                        ("shipping_country", ""),
                        ("shipping_postal_code", ""),
                        ("shipping_region", ""),
                        ("shipping_street", ""),
                    ),
                    _connector="OR",
                ),
                name="customer_ships_to_one_address",
                violation_error_message="There is a shipping address of its own. Empty it, or untick “same as billing”.",
            ),
        ),
    ]
