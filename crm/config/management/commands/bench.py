"""manage.py bench: how fast the pages are, each beside its floor."""

import json
import logging
from argparse import ArgumentParser
from dataclasses import asdict
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
        parser.add_argument(
            "--only",
            default="",
            help="Only cases whose name contains this; “writes”, “added fields”, “import”, “export” and “bulk” for those.",
        )
        parser.add_argument("--json", default="", metavar="FILE", help="Write all numbers there.")
        parser.add_argument(
            "--markdown", default="", metavar="FILE", help="Measure nothing: print the tables of what an earlier run wrote there as JSON."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["markdown"]:
            self._print_tables(Path(options["markdown"]))
        else:
            self._bench(options)

    def _bench(self, options: dict[str, Any]) -> None:
        from bench.cases import PAGES  # noqa: PLC0415  # development only: not needed to serve
        from bench.report import as_data, machine  # noqa: PLC0415

        logging.disable(logging.INFO)
        only = options["only"]
        cases = [case for case in PAGES if only in case.key]
        grown = [case for case in cases if case.grows]
        data: dict[str, Any] = {"machine": machine(), "cells": as_data(self._measure(options["small"], grown))}
        self._write(options["json"], data)
        data["cells"] += as_data(self._measure(options["organization"], cases, writes=only in "writes"))
        self._write(options["json"], data)
        data["growth"] = [asdict(growth) | {"times": growth.times} for growth in self._growths(options, grown)]
        self._write(options["json"], data)
        if only in "added fields":
            data["fields"] = self._added_fields(options["organization"])
            self._write(options["json"], data)
        if only in "import":
            data["import"] = self._import()
            self._write(options["json"], data)
        if only in "export":
            data["export"] = self._export(options["organization"])
            self._write(options["json"], data)
        if only in "bulk":
            self._write(options["json"], data | {"bulk": self._bulk(options["organization"])})

    def _print_tables(self, path: Path) -> None:
        from bench.markdown import tables  # noqa: PLC0415

        try:
            data = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} holds no bench as JSON: {error}") from None
        self.stdout.write(tables(data))

    def _write(self, path: str, data: dict[str, Any]) -> None:
        """After each part: a long run that breaks off leaves what it has."""
        if path:
            Path(path).write_text(json.dumps(data, indent=1, default=str))

    def _growths(self, options: dict[str, Any], cases: list[Any]) -> list[Any]:
        from bench.measure import growth_of  # noqa: PLC0415
        from bench.report import growth_line  # noqa: PLC0415
        from bench.world import world_of  # noqa: PLC0415

        growths = []
        for growth in growth_of(world_of(options["small"]), world_of(options["organization"]), cases) if cases else ():
            self.stdout.write(growth_line(growth))
            self.stdout.flush()
            growths.append(growth)
        return growths

    def _added_fields(self, slug: str) -> list[Any]:
        from bench.custom_fields import custom_fields_of  # noqa: PLC0415
        from bench.world import world_of  # noqa: PLC0415

        pairs = []
        for pair in custom_fields_of(world_of(slug)):
            self.stdout.write(f"{pair.case:24}{pair.person:12}{pair.page * 1000:8.1f} ms  {pair.ratio:5.2f} × (goal {pair.goal})")
            self.stdout.flush()
            pairs.append(asdict(pair) | {"ratio": pair.ratio})
        return pairs

    def _import(self) -> dict[str, Any]:
        from bench.imports import import_beside_copy  # noqa: PLC0415
        from bench.report import import_line  # noqa: PLC0415

        imported = import_beside_copy()
        self.stdout.write(import_line(imported))
        return imported

    def _bulk(self, slug: str) -> dict[str, Any]:
        from bench.bulk import reassign_beside_update  # noqa: PLC0415
        from bench.report import bulk_line  # noqa: PLC0415

        given = reassign_beside_update(slug)
        self.stdout.write(bulk_line(given))
        return given

    def _export(self, slug: str) -> dict[str, Any]:
        from bench.exports import export_beside_copy  # noqa: PLC0415
        from bench.report import export_line  # noqa: PLC0415

        exported = export_beside_copy(slug)
        self.stdout.write(export_line(exported))
        return exported

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
