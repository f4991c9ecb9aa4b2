"""The random passwords of one installation, made once, readable by its owner alone."""

import secrets
from dataclasses import asdict, dataclass, fields

from crm.runtime.errors import CannotStart
from crm.runtime.files import read_json, write_json
from crm.runtime.places import DataDirectory, explain_os_error


@dataclass(frozen=True)
class Secrets:
    secret_key: str
    superuser_password: str
    owner_password: str
    app_password: str
    valkey_password: str


def load_secrets(data: DataDirectory) -> Secrets | None:
    """None where none were made yet. Raises CannotStart where they may not be read."""
    try:
        found = read_json(data.secrets)
    except OSError as error:
        raise CannotStart(f"The data in {data.path} belongs to somebody else. Run the command as the account that started Tern.") from error
    names = [field.name for field in fields(Secrets)]
    return Secrets(**{name: str(found[name]) for name in names}) if all(name in found for name in names) else None


def ensure_secrets(data: DataDirectory) -> Secrets:
    """The secrets, made where there is no database yet. Raises CannotStart where a database has lost them."""
    found = load_secrets(data)
    if found:
        return found
    if data.postgres.exists():
        raise CannotStart(
            f"{data.secrets} is missing or damaged, and the database beside it opens only with its passwords. Restore it from a backup."
        )
    made = Secrets(secrets.token_urlsafe(48), *(secrets.token_hex(24) for _ in range(4)))
    try:
        write_json(data.secrets, asdict(made))
    except OSError as error:
        raise CannotStart(explain_os_error(error, data.path)) from error
    return made
