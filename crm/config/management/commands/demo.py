"""manage.py demo: the demonstration organization."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.config.demo import HOST, LOG_INS, PASSWORD, demo_exists, make_demo


class Command(BaseCommand):
    help = "Make the demonstration organization, or ask whether there is one (--exists: exit code 0 for yes, 1 for no)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exists", action="store_true", help="Only say whether it exists, by the exit code.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["exists"]:
            sys.exit(0 if demo_exists() else 1)
        if demo_exists():
            raise CommandError("The demonstration organization exists already.")
        make_demo()
        for login in LOG_INS:
            self.stdout.write(f"{login}@{HOST}  {PASSWORD}")
