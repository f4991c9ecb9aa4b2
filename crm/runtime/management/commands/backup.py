"""manage.py backup: all that this installation keeps, in one file."""

import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.runtime.backup import write_backup
from crm.runtime.files import write_json


class Command(BaseCommand):
    help = "Write the database and the uploaded files into one file, while people work. The secrets are not in it: see --secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="Default: tern-DATE.tar in this folder.")
        parser.add_argument(
            "--secrets", default="", metavar="FILE", help="Write the secret key into this file; keep it apart from the backup."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(options["file"] or f"tern-{datetime.now(UTC):%Y-%m-%d-%H%M}.tar").expanduser().absolute()
        manifest = write_backup(target)
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{target}: {target.stat().st_size / 1e6:,.1f} MB, {rows:,} rows of {len(manifest.rows)} tables.")
        if options["secrets"]:
            kept = Path(options["secrets"]).expanduser().absolute()
            write_json(kept, {"secret_key": settings.SECRET_KEY})
            self.stdout.write(f"{kept}: the secret key. Keep it apart from the backup.")
        else:
            place = f"{os.environ['TERN_DATA_DIR']}/secrets.json" if os.environ.get("TERN_DATA_DIR") else "SECRET_KEY"
            self.stdout.write(f"The secrets are not in it: keep a copy of {place} apart from it.")
