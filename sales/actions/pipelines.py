"""The ways along which sales go."""

from django.utils.translation import gettext

from crm.tenancy.models import Organization
from sales.choices import FIRST_PIPELINE, FIRST_STAGES
from sales.models import Pipeline, Stage


def begin_pipelines(organization: Organization) -> None:
    """A new organization's first pipeline, in its language."""
    pipeline = Pipeline.objects.create(organization=organization, name=gettext(FIRST_PIPELINE), position=1, is_default=True)
    Stage.objects.bulk_create(
        Stage(organization=organization, pipeline=pipeline, position=place, **{**facts, "name": gettext(facts["name"])})
        for place, facts in enumerate(FIRST_STAGES, start=1)
    )
