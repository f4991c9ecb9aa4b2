from django.db import migrations

from crm.access.operations import CreateAccessRule
from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_activities")]

    operations = [
        EnableTenantPolicy("Activity"),
        EnableTenantPolicy("ActivityAccess"),
        EnableTenantPolicy("ActivityPersonShare"),
        EnableTenantPolicy("ActivityTeamShare"),
        EnableTenantPolicy("ActivityLink"),
        EnableTenantPolicy("Submission"),
        CreateAccessRule("Activity", "ActivityAccess", "ActivityPersonShare", "ActivityTeamShare"),
    ]
