from django.db import migrations

from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("users", "0001_people_teams_roles")]

    operations = [
        EnableTenantPolicy("Role"),
        EnableTenantPolicy("Team"),
    ]
