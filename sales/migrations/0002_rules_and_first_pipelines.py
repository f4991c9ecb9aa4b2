from typing import Any

from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext

from crm.access.operations import record_rules
from crm.activities.operations import SeeActivitiesWith
from crm.tenancy.operations import EnableTenantPolicy
from crm.users.operations import reach_of_ready_roles
from sales.choices import FIRST_PIPELINE, FIRST_STAGES

KEEP = """
CREATE FUNCTION sales_keep_first_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sales_stagechange (organization_id, opportunity_id, before_id, stage_id, at, by_id, stayed, amount)
    SELECT organization_id, id, NULL, stage_id, stage_since, created_by_id, NULL, amount FROM entered;
    RETURN NULL;
END $$;
CREATE TRIGGER sales_first_stage AFTER INSERT ON sales_opportunity
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION sales_keep_first_stage();
CREATE FUNCTION sales_keep_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sales_stagechange (organization_id, opportunity_id, before_id, stage_id, at, by_id, stayed, amount)
    VALUES (NEW.organization_id, NEW.id, OLD.stage_id, NEW.stage_id, NEW.stage_since, NEW.updated_by_id, NEW.stage_since - OLD.stage_since, NEW.amount);
    RETURN NULL;
END $$;
CREATE TRIGGER sales_next_stage AFTER UPDATE OF stage_id ON sales_opportunity
    FOR EACH ROW WHEN (OLD.stage_id IS DISTINCT FROM NEW.stage_id) EXECUTE FUNCTION sales_keep_stage();
"""
FORGET = """
DROP TRIGGER sales_next_stage ON sales_opportunity;
DROP FUNCTION sales_keep_stage();
DROP TRIGGER sales_first_stage ON sales_opportunity;
DROP FUNCTION sales_keep_first_stage();
"""


def give_pipelines(apps: Any, schema_editor: Any) -> None:
    """Organizations that exist already get the pipeline that new ones start with."""
    alias = schema_editor.connection.alias
    organizations, pipelines, stages = (
        apps.get_model(app, name).objects.using(alias)
        for app, name in (("tenancy", "Organization"), ("sales", "Pipeline"), ("sales", "Stage"))
    )
    for organization in organizations.all():
        with translation.override(organization.language):
            pipeline = pipelines.create(organization=organization, name=gettext(FIRST_PIPELINE), position=1, is_default=True)
            for place, facts in enumerate(FIRST_STAGES, start=1):
                stages.create(organization=organization, pipeline=pipeline, position=place, **{**facts, "name": gettext(facts["name"])})


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_pipelines_and_opportunities"),
        ("customers", "0018_custom_values"),
        ("users", "0009_first_pages"),
    ]

    operations = [
        *record_rules("Opportunity"),
        EnableTenantPolicy("Pipeline"),
        EnableTenantPolicy("Stage"),
        EnableTenantPolicy("OpportunityContact"),
        EnableTenantPolicy("StageChange"),
        SeeActivitiesWith("Opportunity", before=("customers.Customer", "customers.Contact")),
        migrations.RunSQL(KEEP, FORGET),
        reach_of_ready_roles("opportunity"),
        migrations.RunPython(give_pipelines, migrations.RunPython.noop),
    ]
