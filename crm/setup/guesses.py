"""What a browser lets us guess about an organization that begins."""

import os
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from crm.lib.languages import is_time_zone
from crm.tenancy.models import DateFormat

EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()  # noqa: SIM905
CURRENCIES = {
    "US": "USD", "GB": "GBP", "CH": "CHF", "SE": "SEK", "NO": "NOK", "DK": "DKK", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON",
    "CA": "CAD", "AU": "AUD", "NZ": "NZD", "JP": "JPY", "CN": "CNY", "IN": "INR", "BR": "BRL", "MX": "MXN", "ZA": "ZAR", "TR": "TRY",
    **dict.fromkeys(EURO, "EUR"),
}  # fmt: skip
ZONES = {
    "GB": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon", "SE": "Europe/Stockholm",
    "NO": "Europe/Oslo", "DK": "Europe/Copenhagen", "FI": "Europe/Helsinki", "DE": "Europe/Berlin",
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels",
    "FR": "Europe/Paris", "ES": "Europe/Madrid", "IT": "Europe/Rome", "PL": "Europe/Warsaw",
    "CZ": "Europe/Prague", "HU": "Europe/Budapest", "RO": "Europe/Bucharest", "GR": "Europe/Athens",
    "TR": "Europe/Istanbul", "JP": "Asia/Tokyo", "CN": "Asia/Shanghai", "IN": "Asia/Kolkata",
    "NZ": "Pacific/Auckland", "ZA": "Africa/Johannesburg",
}  # fmt: skip
FISCAL_YEARS = {"GB": 4, "IN": 4, "JP": 4, "AU": 7}
LANGUAGE_HOMES = {
    "de": "DE",
    "fr": "FR",
    "es": "ES",
    "it": "IT",
    "sv": "SE",
    "nb": "NO",
    "da": "DK",
    "fi": "FI",
    "nl": "NL",
    "pl": "PL",
    "ja": "JP",
}
DOTS = "DE AT CH PL CZ FI NO DK RO TR".split()  # noqa: SIM905
SLASHES = "FR ES IT PT GB IE BE BR GR".split()  # noqa: SIM905
DATES = {
    "US": DateFormat.MONTH_DAY_SLASHES,
    "SE": DateFormat.ISO,
    **dict.fromkeys(DOTS, DateFormat.DAY_MONTH_DOTS),
    **dict.fromkeys(SLASHES, DateFormat.DAY_MONTH_SLASHES),
}


def guess_settings(request: HttpRequest) -> dict[str, Any]:
    """Settings of an organization, from the languages of the browser and the zone of the server; all can be changed."""
    country, language = _country_and_language(request.headers.get("Accept-Language", ""))
    server = os.environ.get("TZ", "").strip(":")
    return {
        "country": country,
        "language": language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        "time_zone": ZONES.get(country) or (server if is_time_zone(server) else "UTC"),
        "currency": CURRENCIES.get(country, "EUR"),
        "fiscal_year_start": FISCAL_YEARS.get(country, 1),
        "date_format": str(DATES.get(country, DateFormat.DAY_MONTH_NAME)),
    }


def _country_and_language(header: str) -> tuple[str, str]:
    """ "de-AT,de;q=0.9,en;q=0.8" says Austria and German."""
    tags = [tag.split("-") for tag, _quality in parse_accept_lang_header(header.lower()) if tag != "*"]
    country = next((tag[-1].upper() for tag in tags if len(tag) > 1 and len(tag[-1]) == 2), "")
    language = tags[0][0] if tags else ""
    return country or LANGUAGE_HOMES.get(language, ""), language
