"""Who sees a record sees the activities on it: its principals are theirs. Upper floors name their records with SeeActivitiesWith."""

from django.db import migrations

from crm.access.operations import RULE
from crm.activities.operations import NOTHING, VIEW

TABLES = {
    "table": "activities_activity",
    "people": "activities_activitypersonshare",
    "teams": "activities_activityteamshare",
}
OWN = RULE.format(**TABLES).replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
WITH_LINKS = f"""{OWN}
  UNION ALL SELECT a.id, a.organization_id, a.updated_at, p.principal
    FROM {VIEW} p JOIN activities_activity a ON a.id = p.activity_id AND a.organization_id = p.organization_id WHERE a.deleted_at IS NULL
"""  # noqa: S608  # names of our own


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_what_follows_an_activity")]

    operations = [
        migrations.RunSQL(f"CREATE VIEW {VIEW} WITH (security_invoker) AS {NOTHING}", f"DROP VIEW {VIEW}"),
        migrations.RunSQL(WITH_LINKS, OWN),
    ]
