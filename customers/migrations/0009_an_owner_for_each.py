import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_shipping_same_as_billing"),
        ("tenancy", "0003_idle_minutes"),
        ("users", "0004_promised_organizations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"UPDATE {table} r SET owner_id = coalesce(r.created_by_id, (SELECT u.id FROM users_user u LEFT JOIN users_role o "  # noqa: S608
                "ON o.id = u.role_id WHERE u.organization_id = r.organization_id ORDER BY coalesce(o.is_administrator, false) DESC, u.id "
                "LIMIT 1)) WHERE r.owner_id IS NULL",
                migrations.RunSQL.noop,
            )
            for table in ("customers_customer", "customers_contact")
        ),
        migrations.AlterField(
            model_name="contact",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="owner"
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="owner"
            ),
        ),
    ]
