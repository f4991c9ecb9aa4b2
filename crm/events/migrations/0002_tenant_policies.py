from django.db import migrations

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("events", "0001_outbox")]

    operations = [EnableTenantPolicy("Event"), EnableTenantPolicy("HandledEvent")]
