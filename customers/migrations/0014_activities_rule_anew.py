from django.db import migrations

from crm.activities.operations import RenewActivitiesRule


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_who_touched_it"),
        ("activities", "0004_seen_with_what_they_hang_on"),
    ]

    operations = [RenewActivitiesRule("customers.Customer", "customers.Contact")]
