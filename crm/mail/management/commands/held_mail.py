"""manage.py held_mail: what the operator reads while no mail server is set."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crm.mail.models import HeldMail


class Command(BaseCommand):
    help = "Print the mails that were held because EMAIL_URL is not set, newest last, with their links."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="Only mails to this address.")
        parser.add_argument("--last", type=int, default=20, help="How many. Default: 20.")

    def handle(self, *args: Any, **options: Any) -> None:
        mails = HeldMail.objects.filter(recipients__contains=[options["to"]]) if options["to"] else HeldMail.objects.all()
        newest = list(mails[: max(1, options["last"])])
        for mail in reversed(newest):
            self.stdout.write(
                f"{mail.held_at:%Y-%m-%d %H:%M} UTC  to {', '.join(mail.recipients)}\n{mail.subject}\n\n{mail.body}\n{'-' * 72}"
            )
        if not newest:
            self.stderr.write("No mail is held.")
