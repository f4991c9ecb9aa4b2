"""Telephone numbers in E.164. (First, small form.)"""

from dataclasses import dataclass

import phonenumbers


class InvalidPhone(ValueError):
    """Not a number that can be dialled; the message says how to mend it."""


@dataclass(frozen=True)
class Phone:
    e164: str
    extension: str
    country: str


def normalise_phone(text: str, country: str = "") -> Phone:
    """Read a number; `country` (alpha-2) is where numbers without a country code belong."""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        raise InvalidPhone("This is not a telephone number. Write it with the country code, such as +49 30 901820.") from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidPhone("This number is too short or too long. Write it with the country code, such as +49 30 901820.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, number.extension or "", phonenumbers.region_code_for_number(number) or "")
