"""manage.py first_run_code: the key to the first page."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.tenancy.models import Organization
from crm.users.models.first_run import make_first_run_code


class Command(BaseCommand):
    help = "Print a one-time code for the first-run page, which makes the first organization. Prints nothing where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Organization.objects.exists():
            self.stdout.write(make_first_run_code())
