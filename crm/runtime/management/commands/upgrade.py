"""manage.py upgrade: the database brought up to date, with a way back."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.runtime.upgrade import pending_migrations, upgrade


class Command(BaseCommand):
    help = "Back up, migrate and check the database, and put it back where that fails. Stop Tern first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--backup", default="", metavar="FILE", help="Default: backups/before-DATE.tar in the data directory.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not pending_migrations():
            self.stdout.write("The database is up to date.")
            return
        backup = Path(
            options["backup"] or Path(settings.DATA_DIR) / "backups" / f"before-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar"
        ).absolute()
        backup.parent.mkdir(parents=True, exist_ok=True)
        count = upgrade(backup)
        noun = "migration" if count == 1 else "migrations"
        self.stdout.write(f"{count} {noun} applied and checked. What was there before is in {backup}. Start Tern now.")
