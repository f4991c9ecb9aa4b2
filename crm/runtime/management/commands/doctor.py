"""manage.py doctor: what is wrong with this installation, in plain sentences."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from crm.runtime.doctor import Finding, examine


class Command(BaseCommand):
    help = "Say what is wrong with this installation: roles, policies, migrations, mail, clock, disk, versions. Exit code 1 for any."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        for finding in findings:
            self.stdout.write(f"{self._mark(finding)}  {finding.sentence}")
        wrong = sum(finding.wrong for finding in findings)
        self.stdout.write("Everything is in order." if not wrong else f"{wrong} of {len(findings)} need attention.")
        if wrong:
            sys.exit(1)

    def _mark(self, finding: Finding) -> str:
        return self.style.ERROR("wrong") if finding.wrong else self.style.SUCCESS("ok   ")
