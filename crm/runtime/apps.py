from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """Ties each process of Tern to the one that started it, and lets the worker show that it is alive."""

    name = "crm.runtime"
    label = "runtime"

    def ready(self) -> None:
        from crm.runtime import heartbeat, processes  # noqa: PLC0415 - settings must be ready first

        processes.die_with_supervisor()
        heartbeat.connect()
