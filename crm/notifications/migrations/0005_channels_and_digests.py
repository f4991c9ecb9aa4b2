from django.conf import settings
from django.db import migrations, models

# Below the policy, so organization by organization. Who had switched off the e-mails of reminders keeps it so.
KEEP_CHOICES = """
DO $$
DECLARE organization bigint;
BEGIN
    FOR organization IN SELECT id FROM tenancy_organization LOOP
        PERFORM set_config('crm.organization_id', organization::text, true);
        UPDATE notifications_preference SET channels = '{"reminder": "app"}' WHERE NOT reminder_mails AND organization_id = organization;
    END LOOP;
    PERFORM set_config('crm.organization_id', '', true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_preference_policy"),
        ("tenancy", "0006_what_is_watched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("preference", "channels", models.JSONField(default=dict)),
        migrations.AddField(
            "preference", "digest_hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour of the daily e-mail")
        ),
        migrations.AddField("preference", "digest_on", models.DateField(editable=False, null=True)),
        migrations.AddConstraint(
            "preference", models.CheckConstraint(condition=models.Q(("digest_hour__lt", 24)), name="digest_hour_of_a_day")
        ),
        migrations.RunSQL(KEEP_CHOICES, migrations.RunSQL.noop),
        migrations.RemoveField("preference", "reminder_mails"),
    ]
