from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_activities_rule_anew"),
        ("tenancy", "0004_unique_domains_and_tax_numbers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="affiliation",
            name="affiliation_once",
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.UniqueConstraint(
                fields=("organization", "contact", "customer", "role", "since"),
                name="affiliation_once",
                nulls_distinct=False,
                violation_error_message="The contact has this role at this customer already. Change that one instead.",
            ),
        ),
    ]
