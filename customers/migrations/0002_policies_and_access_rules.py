from django.db import migrations

from crm.access.operations import CreateAccessRule
from crm.tenancy.operations import EnableTenantPolicy


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_customers_and_contacts")]

    operations = [
        EnableTenantPolicy("Tag"),
        EnableTenantPolicy("Customer"),
        EnableTenantPolicy("CustomerTag"),
        EnableTenantPolicy("Relationship"),
        EnableTenantPolicy("Contact"),
        EnableTenantPolicy("ContactPoint"),
        EnableTenantPolicy("Affiliation"),
        EnableTenantPolicy("ContactTag"),
        EnableTenantPolicy("CustomerAccess"),
        EnableTenantPolicy("CustomerPersonShare"),
        EnableTenantPolicy("CustomerTeamShare"),
        EnableTenantPolicy("ContactAccess"),
        EnableTenantPolicy("ContactPersonShare"),
        EnableTenantPolicy("ContactTeamShare"),
        CreateAccessRule("Customer", "CustomerAccess", "CustomerPersonShare", "CustomerTeamShare"),
        CreateAccessRule("Contact", "ContactAccess", "ContactPersonShare", "ContactTeamShare"),
    ]
