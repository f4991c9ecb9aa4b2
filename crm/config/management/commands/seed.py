"""manage.py seed: bench data."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.config.seed import make_bench
from crm.tenancy.models import Organization


class Command(BaseCommand):
    help = "Make an organization full of deterministic bench data. Not for organizations that somebody works in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=1_000_000)
        parser.add_argument("--organization", default="bench", help="Its short name.")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, customers = options["organization"], options["customers"]
        if Organization.objects.filter(slug=slug).exists():
            raise CommandError(f"There is an organization “{slug}” already. Choose another name with --organization.")
        if customers < 1000:
            raise CommandError("Seed at least 1000 customers: below that the reaches cannot be told apart.")
        begun = time.monotonic()
        for what, count in make_bench(slug, customers).items():
            self.stdout.write(f"{count:>12,} {what}")
        self.stdout.write(f"{time.monotonic() - begun:>12,.1f} seconds")
