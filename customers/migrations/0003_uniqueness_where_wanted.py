from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_policies_and_access_rules"),
        ("tenancy", "0002_country"),
        ("users", "0002_tenant_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="unique_email",
            field=models.CharField(editable=False, max_length=254, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="unique_name",
            field=models.CharField(editable=False, max_length=200, null=True),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)),
                fields=("organization", "unique_email"),
                name="contact_email_unique",
                violation_error_message="There is a contact with this e-mail address already, and your organization wants them to be unique.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)),
                fields=("organization", "unique_name"),
                name="customer_name_unique",
                violation_error_message="There is a customer with this name already, and your organization wants names to be unique.",
            ),
        ),
    ]
