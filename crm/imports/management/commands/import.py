"""manage.py import customers FILE --organization SLUG: the same import as in the browser, without a worker."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from crm.fields.record_types import RecordType, record_types
from crm.imports import actions
from crm.imports.models import Import, Mode
from crm.imports.options import Options
from crm.imports.readers import UnreadableFile, open_table
from crm.jobs.models import Job, State
from crm.jobs.run import run_here
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User

KINDS = {"customers": "customer", "contacts": "contact", "tasks": "task"}
NOTHING_DONE, SOME_REFUSED = 2, 1


class Command(BaseCommand):
    help = (
        "Import a CSV, XLSX or vCard file. Exit code 0: every row was imported or is here already; 1: some rows were refused, "
        "the others were imported; 2: the file could not be imported at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=sorted(KINDS), help="What the rows are.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, metavar="SLUG", help="The organization's short name.")
        parser.add_argument("--as", dest="person", metavar="EMAIL", help="Who imports. Default: the first administrator.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--json", action="store_true", help="rows, mapping, new, changed, same, refused as JSON.")
        parser.add_argument("--encoding", default="", help="Default: guessed.")
        parser.add_argument("--delimiter", default="", help="One character, or “tab”. Default: guessed.")
        parser.add_argument("--sheet", default="", help="The name of the sheet of a workbook. Default: the first one with data.")
        parser.add_argument(
            "--country",
            default="",
            metavar="XX",
            help="Where numbers and addresses without a country belong. Default: the organization's, or guessed.",
        )
        parser.add_argument(
            "--match", default="", metavar="KEY", help="Field or fields, separated by commas, that recognise a record; “none” adds all."
        )
        parser.add_argument("--create-tags", action="store_true", help="Add tags that do not exist yet; for administrators.")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.BOTH.value)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options)
        except (UnreadableFile, PermissionDenied) as error:
            raise CommandError(str(error), returncode=NOTHING_DONE) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=NOTHING_DONE) from None
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(report, dry=options["dry_run"])
        if report["refused"]:
            raise SystemExit(SOME_REFUSED)

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.", returncode=NOTHING_DONE)
        self._check_file(options)
        with tenant(organization):
            by = self._person(organization, options)
            run = self._begin(by, options)
            job = actions.start_check(run, by=by, queue_now=False, remember=False)
        self._do(job)
        if not options["dry_run"]:
            with tenant(organization):
                run.refresh_from_db()
                job = actions.start_commit(run, by=by, queue_now=False)
            self._do(job)
        with tenant(organization):
            run.refresh_from_db()
            report = actions.report(run)
            if options["dry_run"]:
                actions.forget(run)
        return report

    def _check_file(self, options: dict[str, Any]) -> None:
        """Refuse what cannot be read before it is copied."""
        if not options["file"].is_file():
            raise CommandError(f"There is no file “{options['file']}”.", returncode=NOTHING_DONE)
        open_table(options["file"], limits=actions.limits(), **self._options(options).reading()).close()

    def _options(self, options: dict[str, Any]) -> Options:
        return Options(
            encoding=options["encoding"], delimiter=options["delimiter"], sheet=options["sheet"], country=options["country"].upper(),
            create_tags=options["create_tags"],
        )  # fmt: skip

    def _person(self, organization: Organization, options: dict[str, Any]) -> User:
        email: str | None = options["person"]
        people = User.objects.of_organization(organization.pk).active().select_related("role", "team", "organization")
        person = people.filter(email__iexact=email).first() if email else people.filter(role__is_administrator=True).order_by("pk").first()
        if person is None:
            who = f"“{email}” does not belong to" if email else "There is no administrator in"
            raise CommandError(f"{who} the organization “{organization.slug}”.", returncode=NOTHING_DONE)
        if options["create_tags"] and not person.is_administrator:
            raise CommandError(f"{person} may not add tags: only administrators do. Leave out --create-tags.", returncode=NOTHING_DONE)
        return person

    def _begin(self, by: User, options: dict[str, Any]) -> Import:
        record_type: RecordType = record_types[KINDS[options["what"]]]
        run = actions.begin_import(
            record_type, options["file"].name, _chunks(options["file"]), by=by, options=self._options(options), remember=False
        )
        run.mode = Mode(options["mode"])
        if options["match"]:
            run.match = [] if options["match"] == "none" else [key.strip() for key in options["match"].split(",")]
            possible = actions.possible_matches(run, by)
            if run.match and run.match not in possible:
                known = "; ".join(",".join(keys) for keys in possible) or "none"
                raise CommandError(f"The file cannot be matched by “{options['match']}”. Possible: {known}.", returncode=NOTHING_DONE)
        run.save()
        return run

    def _do(self, job: Job) -> None:
        job = run_here(job)
        if job.state != State.DONE:
            raise CommandError(job.error or "The import was stopped.", returncode=NOTHING_DONE)

    def _tell(self, report: dict[str, Any], *, dry: bool) -> None:
        refused = {entry["row"] for entry in report["refused"]}
        verb = "would be " if dry else ""
        counts = f"{report['new']} {verb}new, {report['changed']} {verb}changed, {report['same']} the same, {len(refused)} refused"
        self.stdout.write(f"{report['rows']} rows: {counts}.")
        for entry in report["refused"][:50]:
            self.stdout.write(f"  row {entry['row']}, {entry['column'] or 'the row'}: {entry['reason']}")
        if len(report["refused"]) > 50:
            self.stdout.write(f"  and {len(report['refused']) - 50} more; --json lists all.")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk
