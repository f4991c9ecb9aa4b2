"""manage.py demo: the demonstration organization."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.config.demo import HOST, LOG_INS, PASSWORD, demo_exists, make_demo


class Command(BaseCommand):
    help = "Make the demonstration organization, or ask whether there is one (--exists: exit code 0 for yes, with the log-ins; 1 for no)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exists", action="store_true", help="Say whether it exists, by the exit code, and its log-ins.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["exists"]:
            if not demo_exists():
                sys.exit(1)
            self._say_log_ins()
            return
        if demo_exists():
            raise CommandError("The demonstration organization exists already.")
        make_demo()
        self._say_log_ins()

    def _say_log_ins(self) -> None:
        for login in LOG_INS:
            self.stdout.write(f"{login}@{HOST}  {PASSWORD}")
