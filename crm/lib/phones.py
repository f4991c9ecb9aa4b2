"""Telephone numbers in free text: one stored form (E.164 and extension), shown as people of a country write them."""

import re
from dataclasses import dataclass, field
from functools import cache

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from crm.lib.invalid import InvalidValue
from crm.lib.text import clean

LABEL = re.compile(r"^\s*(?:tel(?:efon|ephone)?|phone|fon|mobile?|mobil|cell|fax|office|work|home|t|m|p|f)\b[.:\s]*(?=[+(\d])", re.I)
OWN_WORDS_FOR_EXTENSION = re.compile(r"[\s,;-]*(?:durchwahl|dw|nebenstelle|poste|doorkiesnr|anexo|interno)\.?:?\s*(\d{1,7})\s*$", re.I)
TRUNK_ZERO = re.compile(r"^(\+\d{1,3}[\s.-]*)\(0\)")
KEEPS_ITS_ZERO = ("+39", "+378")
PLAIN = re.compile(r"\+[1-9][0-9]{0,2}(?:[ -]?[0-9]){5,13}")
SEPARATORS = str.maketrans("", "", "+ -")
BETWEEN_NUMBERS = re.compile(r"\s*(?:[/;,|&\n]|\bor\b|\boder\b|\bou\b)\s*", re.I)


class InvalidPhone(InvalidValue):
    """The text is no telephone number that could be dialled."""


@dataclass(frozen=True)
class Phone:
    """One number of a possible length: E.164, and the extension, "" without one."""

    e164: str
    extension: str
    number: phonenumbers.PhoneNumber = field(repr=False, compare=False)

    @property
    def stored(self) -> str:
        """The one text form that the database holds: E.164, with ";ext=12" where there is an extension."""
        return f"{self.e164};ext={self.extension}" if self.extension else self.e164

    @property
    def national(self) -> str:
        """ "(785) 241-6200 ext. 12" """
        return phonenumbers.format_number(self.number, PhoneNumberFormat.NATIONAL)

    @property
    def international(self) -> str:
        """ "+1 785-241-6200 ext. 12" """
        return phonenumbers.format_number(self.number, PhoneNumberFormat.INTERNATIONAL)

    @property
    def country(self) -> str:
        """Alpha-2; "" for numbers of no country, such as +800."""
        return _region(self.number)

    @property
    def possible(self) -> bool:
        """Always true: others are refused."""
        return phonenumbers.is_possible_number(self.number)

    @property
    def valid(self) -> bool:
        """Whether its range is in use."""
        return phonenumbers.is_valid_number(self.number)


def normalise_phone(text: str, country: str = "") -> Phone:
    """Read what a person wrote. `country` (alpha-2) is where numbers without a country code belong.

    Numbers of a possible length that nobody has (fictional 555 ones) are taken, with `valid` False. Raises InvalidPhone.
    """
    if plain := plain_phone(text):
        return plain
    written = _tidy(text)
    number = _parsed(written, country.upper())
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.TOO_LONG and (abroad := _without_plus(written)):
        number, reason = abroad, ValidationResult.IS_POSSIBLE
    if reason != ValidationResult.IS_POSSIBLE:
        raise InvalidPhone(_refusal(reason, number, written, country.upper()))
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not _is_stable(number, e164):
        raise InvalidPhone(_not_a_number())
    return Phone(e164, number.extension or "", number)


def display_phone(stored: str, country: str = "") -> str:
    """A stored number as people in `country` read it: national at home, international elsewhere. Other text comes back as it is."""
    number = _read_stored(stored)
    if number is None:
        return stored
    is_home = bool(country) and phonenumbers.region_code_for_country_code(number.country_code or 0) == _main_region(country.upper())
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL)


def tel_url(stored: str) -> str:
    """The address that dials a stored number; empty for text that is no number."""
    number = _read_stored(stored)
    if number is None:
        return ""
    return f"tel:{phonenumbers.format_number(number, PhoneNumberFormat.E164)}" + (f";ext={number.extension}" if number.extension else "")


def _region(number: phonenumbers.PhoneNumber) -> str:
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if len(region) == 2 and region != "ZZ" else ""


def _main_region(country: str) -> str:
    return phonenumbers.region_code_for_country_code(phonenumbers.country_code_for_region(country))


def _tidy(text: str) -> str:
    written = LABEL.sub("", clean(text).replace("\t", " "))
    written = OWN_WORDS_FOR_EXTENSION.sub(r" ext. \1", written)
    if not written.startswith(KEEPS_ITS_ZERO):
        written = TRUNK_ZERO.sub(r"\1", written)
    return written


def _parsed(written: str, country: str) -> phonenumbers.PhoneNumber:
    if not written:
        raise InvalidPhone(_("Write a number like +49 30 901820."))
    home = country if country in phonenumbers.SUPPORTED_REGIONS else None
    number = _try(written, home)
    if written.startswith("00") and (number is None or not phonenumbers.is_valid_number(number)):
        number = _try("+" + written[2:].lstrip(), None) or number
    if number is not None:
        return number
    if written.startswith(("+", "00")):
        raise InvalidPhone(_("No country has this country code. Write the number like +49 30 901820."))
    if home is None and sum(character.isdigit() for character in written) >= 5:
        raise InvalidPhone(_("The country is not clear. Begin with + and the country code, like +49 30 901820."))
    raise InvalidPhone(_not_a_number())


def plain_phone(text: str) -> Phone | None:
    """A number that can only be read in one way: + and the country code, possible length, no trunk prefix or extension."""
    if not PLAIN.fullmatch(text):
        return None
    digits = text.translate(SEPARATORS)
    for length in (1, 2, 3):
        code, national = int(digits[:length]), digits[length:]
        if len(national) in _plain_lengths(code) and national[0] != "0":
            prefix = _trunk_prefix(code)
            if prefix and prefix.match(national):
                return None
            return Phone(f"+{digits}", "", phonenumbers.PhoneNumber(country_code=code, national_number=int(national)))
    return None


@cache
def _plain_lengths(country_code: int) -> frozenset[int]:
    """How many digits numbers of this country code may have after it; none for codes of no country."""
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None) if region not in {"ZZ", "001"} else None
    if metadata is None or metadata.general_desc is None:
        return frozenset()
    return frozenset(set(metadata.general_desc.possible_length) - set(metadata.general_desc.possible_length_local_only))


def _try(written: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, country)
    except NumberParseException:
        return None


def _is_stable(number: phonenumbers.PhoneNumber, e164: str) -> bool:
    """Whether the number reads back as itself; rows of zeros lose one each time. Only numbers that begin like a trunk prefix can."""
    prefix = _trunk_prefix(number.country_code or 0)
    if not (prefix and prefix.match(phonenumbers.national_significant_number(number))):
        return True
    again = _try(e164, None)
    return again is not None and phonenumbers.format_number(again, PhoneNumberFormat.E164) == e164


@cache
def _trunk_prefix(country_code: int) -> re.Pattern[str] | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(country_code), None)
    return re.compile(metadata.national_prefix_for_parsing) if metadata and metadata.national_prefix_for_parsing else None


def _not_a_number() -> str:
    return _("This is not a telephone number. Write one like +49 30 901820.")


def _without_plus(written: str) -> phonenumbers.PhoneNumber | None:
    """A number abroad whose + was left out ("886-2-25474189"): asked only where it is too long for home, taken only where it is in use."""
    number = _try(f"+{written}", None) if written[:1].isdigit() else None
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _read_stored(stored: str) -> phonenumbers.PhoneNumber | None:
    return _try(stored, None) if stored.startswith("+") else None


def _refusal(reason: int, number: phonenumbers.PhoneNumber, written: str, country: str) -> str:
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY and not written.startswith("+"):
        return _("The area code is missing. Write it before the number.")
    if reason in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return _("The number is too short for +%(code)d. Check whether digits are missing.") % {"code": number.country_code or 0}
    if _is_several(written, country):
        return _("There is more than one number here. Write one; further ones have fields of their own.")
    return _("The number is too long for +%(code)d. Check the digits, and write an extension like “ext. 12”.") % {
        "code": number.country_code or 0
    }


def _is_several(written: str, country: str) -> bool:
    parts = [_try(part, country or None) for part in BETWEEN_NUMBERS.split(written) if part]
    return sum(part is not None and phonenumbers.is_possible_number(part) for part in parts) > 1
