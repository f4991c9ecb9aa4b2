"""The ways along which sales go, and their stages: kept by administrators in Setup."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from sales.choices import ForecastCategory, StageKind

SEEN = r"\S"
ON_THE_WAY = ("grey", "blue", "violet", "amber", "teal")
HUES = {StageKind.WON: "green", StageKind.LOST: "red"}


class Pipeline(TenantModel):
    """A way from the first talk to won or lost. New sales begin in the default one."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_default = models.BooleanField(_("for new opportunities"), default=False)

    told_at: ClassVar[dict[str, str]] = {"pipeline_name_unique": "name"}

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="pipeline_name_unique",
                violation_error_message=_("There is a pipeline of this name already. Choose another name."),
            ),
            models.UniqueConstraint(fields=["organization"], condition=Q(is_default=True), name="pipeline_one_default"),
            models.CheckConstraint(condition=Q(name__regex=SEEN), name="pipeline_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(TenantModel):
    """A step of one pipeline. `required_fields` are keys of opportunity fields that must be filled to enter it."""

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages", verbose_name=_("pipeline"))
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=StageKind, default=StageKind.OPEN)
    probability = models.PositiveSmallIntegerField(_("probability"), default=0, help_text=_("In percent; copied when a sale enters."))
    forecast_category = models.CharField(_("forecast category"), max_length=10, choices=ForecastCategory, default=ForecastCategory.PIPELINE)
    expected_days = models.PositiveSmallIntegerField(
        _("expected days"), null=True, blank=True, help_text=_("Sales that stay longer are marked.")
    )
    required_fields: Any = models.JSONField(_("required fields"), default=list, blank=True)

    told_at: ClassVar[dict[str, str]] = {"stage_name_unique": "name", "stage_probability_fits": "probability"}

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        indexes = [models.Index(fields=["pipeline", "position"], name="stage_by_pipeline")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "pipeline", "name"],
                name="stage_name_unique",
                violation_error_message=_("This pipeline has a stage of this name already. Choose another name."),
            ),
            models.CheckConstraint(condition=Q(name__regex=SEEN), name="stage_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind=StageKind.OPEN, probability__range=(0, 100))
                | Q(kind=StageKind.WON, probability=100)
                | Q(kind=StageKind.LOST, probability=0),
                name="stage_probability_fits",
                violation_error_message=_("Probability is 0 to 100, of a won stage 100, of a lost one 0."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=StageKind.values, forecast_category__in=ForecastCategory.values), name="stage_words_known"
            ),
            models.CheckConstraint(condition=Q(expected_days=None) | Q(expected_days__gte=1), name="stage_expected_days_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> str:
        """Of open stages by their place."""
        return HUES.get(StageKind(self.kind)) or ON_THE_WAY[(self.position - 1) % len(ON_THE_WAY)]

    @property
    def is_open(self) -> bool:
        return self.kind == StageKind.OPEN
