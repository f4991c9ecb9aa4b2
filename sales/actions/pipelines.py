"""The ways along which sales go."""

from django.utils.translation import gettext

from crm.tenancy.models import Organization
from sales.models import Pipeline, Stage
from sales.ready_pipeline import NAME, STAGES


def begin_pipelines(organization: Organization) -> None:
    """A new organization's first pipeline, in its language."""
    pipeline = Pipeline.objects.create(organization=organization, name=gettext(NAME), position=1, is_default=True)
    Stage.objects.bulk_create(
        Stage(organization=organization, pipeline=pipeline, position=place, **{**facts, "name": gettext(facts["name"])})
        for place, facts in enumerate(STAGES, start=1)
    )
