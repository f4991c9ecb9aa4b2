from django.db import migrations

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_reminder_mails_by_choice")]

    operations = [EnableTenantPolicy("Preference")]
