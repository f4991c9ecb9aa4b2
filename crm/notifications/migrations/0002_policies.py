from django.db import migrations

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_notifications_and_due")]

    operations = [
        EnableTenantPolicy("Notification"),
        EnableTenantPolicy("NotificationMail"),
        EnableTenantPolicy("Following"),
    ]
