from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "crm.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from crm.imports import commit, dry_run, undo  # noqa: F401, PLC0415  # they register their jobs
        from crm.imports.extras import register_extra  # noqa: PLC0415
        from crm.imports.task_extras import TaskExtra  # noqa: PLC0415

        register_extra("task", TaskExtra)
