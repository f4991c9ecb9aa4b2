"""manage.py restore: a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.runtime.restore import is_same_key, read_secret_key, restore_backup, take_secret_key


class Command(BaseCommand):
    help = "Restore a backup into an empty installation: a new --data-dir, or an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="What `manage.py backup` wrote.")
        parser.add_argument("--secrets", default="", metavar="FILE", help="The secret key: secrets.json, or what `backup --secrets` wrote.")

    def handle(self, *args: Any, **options: Any) -> None:
        key = read_secret_key(Path(options["secrets"]).expanduser()) if options["secrets"] else ""
        manifest = restore_backup(Path(options["file"]).expanduser().absolute())
        self.stdout.write(f"{sum(manifest.rows.values()):,} rows of {len(manifest.rows)} tables, as they were at {manifest.made_at}.")
        taken = bool(key) and take_secret_key(key)
        if not is_same_key(manifest, key if taken else settings.SECRET_KEY):
            self.stdout.write(
                "The secret key is another one: everybody signs in anew, and authenticator apps have to be set up again. "
                "Stop Tern and set the old SECRET_KEY (or secret_key in secrets.json) to keep them."
            )
        self.stdout.write("Start Tern now: it brings the tables up to date where the backup is older than the program.")
