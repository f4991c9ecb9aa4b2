"""manage.py retry_events: what should have followed a change and failed for good is tried again."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.events.tasks import retry_given_up


class Command(BaseCommand):
    help = "Try again what should have followed changes and failed 12 times, after its cause is mended. The worker does it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{retry_given_up()} changes are followed up again.")
