"""manage.py bench: how fast the pages are, each beside its floor."""

import json
import logging
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.tenancy.models import Organization


class Command(BaseCommand):
    help = "Measure lists, records and search on seeded organizations, as people of five reaches, each page beside its floor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", default="bench", help="The large one: manage.py seed --customers 1000000.")
        parser.add_argument("--small", default="bench10k", help="The small one: manage.py seed --customers 10000 --organization bench10k.")
        parser.add_argument("--only", default="", help="Only cases whose name contains this; “write” for changes.")
        parser.add_argument("--json", default="", metavar="FILE", help="Write all numbers there.")

    def handle(self, *args: Any, **options: Any) -> None:
        from bench.cases import PAGES  # noqa: PLC0415  # development only: not needed to serve
        from bench.report import as_data, growth, machine  # noqa: PLC0415

        logging.disable(logging.INFO)
        cases = [case for case in PAGES if options["only"] in case.key]
        grown = {case.key for case in cases if case.grows}
        small = self._measure(options["small"], [case for case in cases if case.grows])
        large = self._measure(options["organization"], cases, writes=not options["only"] or "write" in options["only"])
        grew = growth(small, large, grown)
        for case, person, times in grew:
            self.stdout.write(f"growth {case:<26}{person:<15}{times:>6.2f} times{'' if times <= 1.3 else ' !'}")
        if options["json"]:
            data = {"machine": machine(), "cells": as_data([*small, *large]), "growth": grew}
            Path(options["json"]).write_text(json.dumps(data, indent=1, default=str))

    def _measure(self, slug: str, cases: list[Any], *, writes: bool = False) -> list[Any]:
        from bench.measure import cells_of  # noqa: PLC0415
        from bench.report import HEAD, line  # noqa: PLC0415
        from bench.world import world_of  # noqa: PLC0415
        from bench.writes import writes_of  # noqa: PLC0415

        try:
            world = world_of(slug)
        except Organization.DoesNotExist:
            raise CommandError(f"There is no organization “{slug}”. Make it with manage.py seed --organization {slug}.") from None
        self.stdout.write(f"\n{slug}: {world.customers:,} customers\n{HEAD}")
        cells = []
        for cell in chain(cells_of(world, cases), writes_of(world) if writes else ()):
            self.stdout.write(line(cell))
            self.stdout.flush()
            cells.append(cell)
        return cells
