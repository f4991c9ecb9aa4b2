import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_email_compared_by_its_key"),
        ("tenancy", "0003_idle_minutes"),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM customers_relationship r USING customers_relationship o WHERE r.organization_id = o.organization_id "
            "AND r.kind = o.kind AND r.kind IN ('partner', 'competitor') AND r.customer_id = o.other_id AND r.other_id = o.customer_id "
            "AND r.id > o.id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="tag",
            name="hue",
            field=models.CharField(
                choices=[
                    ("grey", "Grey"),
                    ("green", "Green"),
                    ("amber", "Amber"),
                    ("red", "Red"),
                    ("blue", "Blue"),
                    ("violet", "Violet"),
                    ("teal", "Teal"),
                    ("pink", "Pink"),
                ],
                default="grey",
                max_length=10,
                verbose_name="colour",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("kind"),
                django.db.models.functions.comparison.Least("customer", "other"),
                django.db.models.functions.comparison.Greatest("customer", "other"),
                condition=models.Q(("kind__in", ("partner", "competitor"))),
                name="relationship_once_if_mutual",
                violation_error_message="These two customers are related in this way already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="affiliation",
            name="affiliation_once",
            constraint=models.UniqueConstraint(
                fields=("organization", "contact", "customer", "role"),
                name="affiliation_once",
                violation_error_message="The contact has this role at this customer already. Change that one instead.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="tag",
            name="tag_name_unique",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                name="tag_name_unique",
                violation_error_message="There is a tag of this name already. Choose another name, or merge the two.",
            ),
        ),
    ]
