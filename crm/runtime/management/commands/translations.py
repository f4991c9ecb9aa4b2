"""manage.py translations: the catalogues of all languages follow the source. Needs no gettext tools."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.runtime.translations.catalogues import faults, mo_bytes, po_text, read, updated
from crm.runtime.translations.source import Key, Message, messages


class Command(BaseCommand):
    help = "Bring locale/*/LC_MESSAGES/django.po up to the source and compile it; says what is not translated. --check writes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say what is missing or out of date; exit code 1 for any.")

    def handle(self, *args: Any, **options: Any) -> None:
        source = messages(settings.BASE_DIR)
        catalogues = sorted(settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.po"))
        said = [sentence for path in catalogues for sentence in self._of(path, source, check=options["check"])]
        for sentence in said:
            self.stdout.write(sentence)
        self.stdout.write(f"{len(source):,} messages, {len(said)} to be looked at.")
        if said and options["check"]:
            sys.exit(1)

    def _of(self, path: Path, source: dict[Key, Message], *, check: bool) -> list[str]:
        catalogue = updated(read(path), source)
        written = {path: po_text(catalogue, source).encode(), path.with_suffix(".mo"): mo_bytes(catalogue)}
        stale = [file for file, content in written.items() if not file.exists() or file.read_bytes() != content]
        if not check:
            for file in stale:
                file.write_bytes(written[file])
        language = path.parts[-3]
        late = [f"{language}: {file.name} is not up to date: run manage.py translations" for file in stale] if check else []
        return [*late, *(f"{language}: {fault}" for fault in faults(catalogue))]
