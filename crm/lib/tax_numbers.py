"""Tax and registration numbers of companies, checked as far as their country lets them be checked. Nothing is looked up."""

import re
import unicodedata
from functools import cache
from typing import Protocol

from django.utils.translation import gettext as _
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.util import get_cc_module

from crm.lib.countries import country_name, is_in_eu
from crm.lib.invalid import InvalidValue
from crm.lib.text import clean

MAX_LENGTH = 40
TAX_CHARACTERS = re.compile(r"[A-Z0-9Ñ&./ \-]*")
REGISTRATION_CHARACTERS = re.compile(r"[\w./()&:,#' \-]*")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# What else than its VAT number a company, or a person in business, has there; names of python-stdnum's modules.
OTHER_TAX_NUMBERS = {
    "AT": ["tin"],
    "BR": ["cpf"],
    "CH": ["uid"],
    "CR": ["cpf"],
    "CZ": ["rc"],
    "DE": ["stnr", "idnr"],
    "DO": ["cedula"],
    "EC": ["ci"],
    "FR": ["siren", "nif"],
    "GB": ["utr"],
    "IL": ["idnr"],
    "IN": ["pan"],
    "IT": ["codicefiscale"],
    "NO": ["orgnr"],
    "PL": ["pesel"],
    "SE": ["orgnr"],
    "SI": ["maticna"],
    "TH": ["tin"],
    "TR": ["tckimlik"],
    "UA": ["edrpou", "rntrc"],
    "US": ["ein", "tin"],
    "ZA": ["tin"],
}
# Where the VAT number's usual writing begins with other letters than the country's code.
VAT_PREFIXES = {"GR": "EL"}
COUNTRIES_OF_PREFIXES = {"EL": "GR", "XI": "GB"}
EXAMPLES = {
    "AT": "ATU13585627", "BE": "BE0428759497", "CH": "CHE-116.281.710 MWST", "DE": "DE136695976", "DK": "DK13585628", "ES": "ESB58378431",
    "FR": "FR40303265045", "GB": "GB980780684", "IE": "IE6433435F", "IT": "IT00743110157", "NL": "NL004495445B01", "PL": "PL8567346215",
    "US": "91-1144442", "SE": "SE123456789701", "PT": "PT501964843", "FI": "FI20774740", "BR": "16.727.230/0001-97", "CZ": "CZ25123891",
}  # fmt: skip


class InvalidTaxNumber(InvalidValue):
    """The text cannot be a tax number of that country."""


class InvalidRegistrationNumber(InvalidValue):
    """The text cannot be a number in a register of companies."""


class _Module(Protocol):
    def validate(self, number: str) -> str: ...


def normalise_tax_number(text: str, country: str = "") -> str:
    """The number in its usual writing. `country` is alpha-2; without it, or abroad, an EU number tells its country by its first letters.

    EU numbers are checked to the check digit and begin with their letters ("DE136695976"). So are those of some sixty other
    countries, which get their usual separators ("91-1144442"). Elsewhere only characters and length are checked. Raises InvalidTaxNumber.
    """
    number = _tidy(text)
    if not number:
        raise InvalidTaxNumber(_("Write the tax number, such as DE136695976."))
    if not TAX_CHARACTERS.fullmatch(number):
        raise InvalidTaxNumber(_("A tax number has only letters without accents, digits, spaces and . / - in it. Take out the rest."))
    country = country.upper() or _country_of_prefix(number)
    foreign = _country_of_prefix(number)
    if foreign and foreign != country and (found := _eu_number(number, number[:2])):
        return found
    if country == "GB" and number.startswith("XI") and (found := _eu_number(number, "XI")):
        return found
    return _national_number(number, country)


def normalise_registration_number(text: str, country: str = "") -> str:
    """The number in a register of companies, single-spaced, short letters in capitals ("HRB 12345 B"). Every register has its form, so
    only characters and length are checked, whatever the country. Raises InvalidRegistrationNumber.
    """
    number = " ".join(clean(text).translate(DASHES).split())
    if not number:
        raise InvalidRegistrationNumber(_("Write the registration number as it stands in the register."))
    if len(number) > MAX_LENGTH:
        raise InvalidRegistrationNumber(_("A registration number has at most %(limit)d characters. Shorten it.") % {"limit": MAX_LENGTH})
    if not REGISTRATION_CHARACTERS.fullmatch(number) or not any(character.isdecimal() for character in number):
        raise InvalidRegistrationNumber(_("A registration number has letters, at least one digit, and . / - between them. Check it."))
    return " ".join(word.upper() if len(word) <= 4 and word.isascii() else word for word in number.split())


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", clean(text)).upper().translate(DASHES).split())


def _country_of_prefix(number: str) -> str:
    """The EU country whose letters the number begins with; empty when there are none."""
    prefix = number[:2]
    country = COUNTRIES_OF_PREFIXES.get(prefix, prefix)
    return country if (is_in_eu(country) or prefix == "XI") and any(character.isdigit() for character in number[2:6]) else ""


def _eu_number(number: str, prefix: str) -> str:
    try:
        return str(eu_vat.validate(number if number.startswith(prefix) else prefix + number))
    except ValueError:
        return ""


def _national_number(number: str, country: str) -> str:
    modules = _modules(country)
    if not modules:
        return _plausible(number)
    problem: ValidationError | None = None
    for module in modules:
        try:
            return _written(module, module.validate(number), country)
        except ValidationError as error:
            problem = problem or error
        except ValueError:
            continue
    raise InvalidTaxNumber(_refusal(problem, number, country))


def _written(module: _Module, found: str, country: str) -> str:
    """Usual writing: letters and digits with the prefix in the EU, the country's separators elsewhere."""
    if is_in_eu(country):
        prefix = VAT_PREFIXES.get(country, country)
        if module is not _modules(country)[0] or found.startswith(prefix):
            return found
        return prefix + found
    if country == "GB":
        return found if module is not _modules(country)[0] else f"GB{found}"
    formatted = getattr(module, "format", None)
    return str(formatted(found)) if formatted else found


def _plausible(number: str) -> str:
    bare = [character for character in number if character.isalnum()]
    if not 4 <= len(bare) <= MAX_LENGTH or len(number) > MAX_LENGTH or not any(character.isdigit() for character in bare):
        raise InvalidTaxNumber(_("A tax number has 4 to 40 letters and digits, at least one of them a digit. Check what was copied."))
    return number


def _refusal(problem: ValidationError | None, number: str, country: str) -> str:
    facts = {"number": number, "country": country_name(country), "example": EXAMPLES.get(country, "")}
    if isinstance(problem, InvalidChecksum):
        return (
            _("“%(number)s” has a mistyped digit: the check digit of a tax number of %(country)s does not fit. Compare the digits.") % facts
        )
    if isinstance(problem, InvalidLength):
        sentence = _("“%(number)s” has too few or too many characters for a tax number of %(country)s.") % facts
    else:
        sentence = _("“%(number)s” is not a tax number of %(country)s.") % facts
    hint = _("Write it like %(example)s, or change the country.") if facts["example"] else _("Check it, or change the country.")
    return f"{sentence} {hint % facts}"


@cache
def _modules(country: str) -> tuple[_Module, ...]:
    """python-stdnum's checks for a country, the VAT number's first."""
    names = [*(["vat"] if country != "US" else []), *OTHER_TAX_NUMBERS.get(country, [])]
    found = [get_cc_module(country, name) for name in names] if re.fullmatch("[A-Z]{2}", country) else []
    return tuple(module for module in found if module is not None)
