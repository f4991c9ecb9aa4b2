"""E-mail addresses: how they are written, and what they are compared by. (First, small form.)"""

from email_validator import EmailNotValidError, validate_email


class InvalidEmail(ValueError):
    """Not an address that can be written to; the message says how to mend it."""


def normalise_email(text: str) -> str:
    """The address as it is written to."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidEmail(f"{error} Write it like name@example.com.") from None


def email_key(text: str) -> str:
    """What two addresses are compared by."""
    return text.strip().casefold()
