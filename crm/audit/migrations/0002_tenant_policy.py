from django.db import migrations

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log")]

    operations = [EnableTenantPolicy("LogEntry")]
