"""manage.py rebuild_search: what search finds is written again from the records."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.fields.record_types import RecordType, record_types
from crm.search.rebuild import drop_orphans, rebuild_batch
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant


class Command(BaseCommand):
    help = "Write what search finds again, from the records. People can go on working; it may be stopped and started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", default="", metavar="SLUG", help="Only this one. Default: all.")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = Organization.objects.order_by("pk")
        if options["organization"]:
            organizations = organizations.filter(slug=options["organization"])
            if not organizations:
                raise CommandError(f"There is no organization “{options['organization']}”.")
        for organization in organizations:
            for record_type in (each for each in record_types if each.search):
                self._rebuild(organization, record_type)

    def _rebuild(self, organization: Organization, record_type: RecordType) -> None:
        """A batch is a transaction: locks are short, and what is written stays when somebody stops it."""
        done, last = 0, 0
        while True:
            with tenant(organization):
                ids = rebuild_batch(record_type, organization.pk, after=last, lock=True)
            if not ids:
                break
            done, last = done + len(ids), ids[-1]
        with tenant(organization):
            gone = drop_orphans(record_type, organization.pk)
        self.stdout.write(f"{organization.slug}  {record_type.key:<12} {done:>9,} written, {gone:,} removed")
