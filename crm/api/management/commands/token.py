from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.api.actions import create_token
from crm.tenancy.transaction import tenant
from crm.users.models import User


class Command(BaseCommand):
    """manage.py token EMAIL [--scopes customers:view tasks:*] [--name NAME] [--days N]"""

    help = "Make an API token for a person and print it, alone on standard output. Reading of everything unless --scopes say otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose rights the token has")
        parser.add_argument(
            "--scopes", nargs="*", default=[], metavar="SCOPE", help="as customers:view, tasks:change, contacts:*, *:*; default *:view"
        )
        parser.add_argument("--name", default="Command line", help="what it is for")
        parser.add_argument("--days", type=int, help="for how many days it is valid; default: until it is revoked")

    def handle(self, *args: Any, email: str, scopes: list[str], name: str, days: int | None, **options: Any) -> str:
        person = User.objects.get_queryset().active().of_address(email).first()
        if person is None or person.organization_id is None:
            raise CommandError(f"Nobody who may sign in has the address {email}.")
        expires_at = timezone.now() + timedelta(days=days) if days is not None else None
        wanted = [scope for text in scopes for scope in text.split(",") if scope]
        try:
            with tenant(person.organization_id):
                _token, secret = create_token(person, name=name, scopes=wanted, expires_at=expires_at)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return secret
