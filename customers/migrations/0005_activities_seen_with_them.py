from django.db import migrations

from crm.activities.operations import SeeActivitiesWith


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_order_that_an_index_serves"),
        ("activities", "0004_seen_with_what_they_hang_on"),
    ]

    operations = [SeeActivitiesWith("Customer", "Contact")]
