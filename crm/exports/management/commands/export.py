"""manage.py export customers --as EMAIL > FILE: the same export as in the browser, for regular ones, without a worker."""

import shutil
import sys
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from crm.exports.actions import Wish, forget, start_export
from crm.exports.models import Delimiter, Export, Format
from crm.fields.record_types import RecordType, record_types
from crm.jobs.models import State
from crm.jobs.run import run_here
from crm.query.models import SavedView
from crm.query.rules import RuleError
from crm.tenancy.transaction import tenant
from crm.users.models import User
from crm.views.list_state import ListState, read_state

NOTHING_DONE = 2
DELIMITERS = {"comma": Delimiter.COMMA, "semicolon": Delimiter.SEMICOLON, "tab": Delimiter.TAB}


class Command(BaseCommand):
    help = (
        "Write a list as CSV or XLSX to the standard output, with the rights of a person. Exit code 0: the file is whole; "
        "2: nothing of it is to be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=sorted(_names()), help="Which records.")
        parser.add_argument(
            "--as", dest="person", required=True, metavar="EMAIL", help="Who exports: their rights decide what is in the file."
        )
        parser.add_argument(
            "--filter",
            default="",
            metavar="QUERY",
            help="The list's address behind the question mark: “f=lifecycle:is:customer&sort=name”.",
        )
        parser.add_argument("--format", choices=Format.values, default=Format.CSV.value)
        parser.add_argument("--exact", action="store_true", help="Values as they are stored, to move them to another system or back.")
        parser.add_argument("--all-fields", action="store_true", help="All fields instead of the list's columns.")
        parser.add_argument("--delimiter", choices=sorted(DELIMITERS), default="comma", help="Of CSV files.")
        parser.add_argument("--bom", action="store_true", help="Begin a CSV file with a byte order mark, for Excel.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = (
            User.objects.get_queryset()
            .of_address(options["person"])
            .active()
            .exclude(organization=None)
            .select_related("organization")
            .first()
        )
        if person is None:
            raise CommandError(f"There is nobody active with the address “{options['person']}”.", returncode=NOTHING_DONE)
        try:
            export = self._made(person.pk, person.own_organization_id, options)
        except (PermissionDenied, RuleError) as error:
            raise CommandError(str(error), returncode=NOTHING_DONE) from None
        with export.path.open("rb") as file:
            shutil.copyfileobj(file, _output())
        with tenant(person.own_organization_id):
            forget(export)

    def _made(self, person: int, organization: int, options: dict[str, Any]) -> Export:
        """The export, done in this process."""
        with tenant(organization):
            by = User.objects.select_related("role", "team", "organization").get(pk=person)
            kind = record_types[_names()[options["what"]]]
            wish = Wish(
                format=options["format"], exact=options["exact"], every=options["all_fields"],
                delimiter=DELIMITERS[options["delimiter"]].value, mark=options["bom"],
            )  # fmt: skip
            export = start_export(_state(kind, by, options["filter"]), kind, wish, by=by, queue_now=False)
            job = export.job
        if job is not None:
            job = run_here(job)
            with tenant(organization):
                export = Export.objects.get(pk=export.pk)
        if job is not None and job.state != State.DONE:
            raise CommandError(job.error or "The export was stopped.", returncode=NOTHING_DONE)
        return export


def _names() -> dict[str, str]:
    """ "customers" and "customer" are customers."""
    return {name: kind.key for kind in record_types for name in (kind.key, f"{kind.key}s")}


def _state(kind: RecordType, by: User, query: str) -> ListState:
    """What a list leaves out with a sentence, a file for a script must not."""
    views = list(SavedView.objects.offered_to(by).filter(record_type=kind.key).select_related("owner"))
    state, notices = read_state(QueryDict(query.lstrip("?")), kind, by, views)
    if notices:
        raise CommandError(" ".join(notices), returncode=NOTHING_DONE)
    return state


def _output() -> BinaryIO:
    return sys.stdout.buffer
