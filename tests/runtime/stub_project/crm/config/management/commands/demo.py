import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--exists", action="store_true")

    def handle(self, *args, **options):
        note = Path(os.environ["TERN_DATA_DIR"], "demo-was-made")
        if options["exists"] and not note.exists():
            sys.exit(1)
        note.touch()
        self.stdout.write("ada@demo.example  tern-demo")
