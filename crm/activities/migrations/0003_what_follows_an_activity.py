"""The copies on links and the row of the due table follow each activity in the database: whoever writes one, also a COPY, keeps them true."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION activities_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed boolean := TG_OP = 'INSERT';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.at, NEW.done_at, NEW.owner_id) IS DISTINCT FROM (OLD.at, OLD.done_at, OLD.owner_id) THEN
            UPDATE activities_activitylink
               SET at = NEW.at, actor_id = NEW.owner_id, is_open = (NEW.kind = 'task' AND NEW.done_at IS NULL)
             WHERE organization_id = NEW.organization_id AND activity_id = NEW.id;
        END IF;
        changed := (NEW.remind_at, NEW.done_at, NEW.deleted_at) IS DISTINCT FROM (OLD.remind_at, OLD.done_at, OLD.deleted_at);
    END IF;
    IF NOT changed THEN
        RETURN NULL;
    END IF;
    IF NEW.remind_at IS NOT NULL AND NEW.done_at IS NULL AND NEW.deleted_at IS NULL THEN
        INSERT INTO notifications_dueitem (organization_id, kind, record_id, due_at, next_attempt_at, attempts)
        VALUES (NEW.organization_id, 'reminder', NEW.id, NEW.remind_at, NEW.remind_at, 0)
        ON CONFLICT (organization_id, kind, record_id)
        DO UPDATE SET due_at = excluded.due_at, next_attempt_at = excluded.next_attempt_at, attempts = 0;
    ELSIF TG_OP = 'UPDATE' AND OLD.remind_at IS NOT NULL THEN
        DELETE FROM notifications_dueitem WHERE organization_id = NEW.organization_id AND kind = 'reminder' AND record_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER activities_follow AFTER INSERT OR UPDATE OF at, done_at, owner_id, remind_at, deleted_at ON activities_activity
    FOR EACH ROW EXECUTE FUNCTION activities_follow();
"""
UNFOLLOW = "DROP TRIGGER activities_follow ON activities_activity; DROP FUNCTION activities_follow();"


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_policies_and_access_rule"), ("notifications", "0002_policies")]

    operations = [migrations.RunSQL(FOLLOW, UNFOLLOW)]
