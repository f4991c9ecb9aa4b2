"""Web addresses and domains: one stored form, and the domain that two records of the same company share."""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

import idna
from django.utils.translation import gettext as _

from crm.lib.domain_table import FREEMAIL, SECOND_LEVELS, SHARED_SITES, SHARED_SUFFIXES
from crm.lib.invalid import InvalidValue
from crm.lib.text import clean

MAX_LENGTH = 300
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.I)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
LEADING_WWW = re.compile(r"^(?:www\d?|m)\.(?=[^.]+\.)")
# Nearly every address in a file: nothing to mend, nothing that the libraries would see otherwise. A tenth of their time.
PLAIN = re.compile(r"https?://(?=[^/]{4,200}$)((?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,60})")
URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


class InvalidWebsite(InvalidValue):
    """The text is no address of a web site."""


def normalise_website(text: str) -> tuple[str, str]:
    """(address with scheme and ASCII host, domain as `domain_of` tells it). "Acme.com" becomes "https://acme.com".

    Only http and https; no user names, no spaces. Raises InvalidWebsite.
    """
    if plain := PLAIN.fullmatch(text):
        return text, _own_domain(plain[1])
    written = _with_scheme(clean(text))
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidWebsite(_("This is not a web address. Write it like https://example.com.")) from None
    if "@" in parts.netloc:
        raise InvalidWebsite(
            _("Take out the user name before the @: the address is shown to everybody. An e-mail address has a field of its own.")
        )
    ascii_host = _ascii_host(host)
    url = f"{parts.scheme.lower()}://{_bracketed(ascii_host)}{f':{port}' if port is not None else ''}{_rest(parts)}"
    if len(url) > MAX_LENGTH:
        raise InvalidWebsite(_("The address is longer than %(limit)d characters. Take away what follows the “?”.") % {"limit": MAX_LENGTH})
    return url, _own_domain(ascii_host)


def display_website(url: str) -> str:
    """As people say it: without scheme, "www." and closing slash, the host in letters."""
    bare = re.sub(r"^https?://", "", url, flags=re.I).rstrip("/")
    host, slash, rest = bare.partition("/")
    return unicode_domain(host.removeprefix("www.")) + slash + rest


def domain_of(website: str) -> str:
    """The registered domain, ASCII, that stands for the owner of the web site ("shop.acme.co.uk" gives "acme.co.uk").

    Empty for sites that many share (a LinkedIn page), for numbers, and for text that is no address. Never raises.
    """
    try:
        return normalise_website(website)[1]
    except InvalidWebsite:
        return ""


def domain_of_email(email: str) -> str:
    """The registered domain of the company behind an address; empty for free mail and for text without one. Never raises."""
    domain = _checked_ascii(email.rpartition("@")[2].strip().rstrip(".>")) if "@" in email else ""
    return "" if is_freemail(domain) else _own_domain(domain)


def is_freemail(domain: str) -> bool:
    """Whether anybody can have an address there, so that it says nothing about the company."""
    return domain.casefold() in FREEMAIL


def registered_domain(host: str) -> str:
    """The part of an ASCII host that somebody registered: one label more than the suffix. A suffix itself comes back as it is."""
    labels = host.split(".")
    return ".".join(labels[-(_suffix_length(labels) + 1) :])


def unicode_domain(host: str) -> str:
    """The host in letters instead of "xn--"; unchanged where it cannot be decoded."""
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def _suffix_length(labels: list[str]) -> int:
    if ".".join(labels[-2:]) in SHARED_SUFFIXES:
        return 2
    return 2 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS else 1


def _own_domain(ascii_host: str) -> str:
    if not ascii_host or "." not in ascii_host or _is_ip(ascii_host):
        return ""
    domain = registered_domain(LEADING_WWW.sub("", ascii_host))
    return "" if domain in SHARED_SITES else domain


def _with_scheme(text: str) -> str:
    if not text:
        raise InvalidWebsite(_("Write an address like https://example.com."))
    if re.search(r"[\s<>\"{}|\\^`]", text):
        raise InvalidWebsite(_('A web address has no spaces and none of < > " { } | \\ ^. Write one address, like https://example.com.'))
    found = SCHEME.match(text)
    if found and "." not in found[1]:
        if found[1].lower() not in {"http", "https"}:
            raise InvalidWebsite(_("“%(scheme)s:” is not an address of a web site. Begin with https://.") % {"scheme": found[1]})
        return f"{found[1].lower()}://{text[found.end() :].lstrip('/')}"
    return f"https://{text.lstrip('/')}"


def _ascii_host(host: str) -> str:
    if not host:
        raise InvalidWebsite(_("The name of the web site is missing. Write the address like https://example.com."))
    if _is_ip(host):
        return host
    domain = _checked_ascii(host.removesuffix("."))
    if not domain:
        raise InvalidWebsite(_("“%(host)s” is not a domain. Write the address like https://example.com.") % {"host": host[:80]})
    return domain


def _checked_ascii(host: str) -> str:
    """The domain in lower-case ASCII; empty when it is none."""
    try:
        domain = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        if "xn--" in domain:
            idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return ""
    labels = domain.split(".")
    fits = len(labels) > 1 and len(domain) <= 253 and all(LABEL.fullmatch(label) for label in labels) and TOP_LABEL.fullmatch(labels[-1])
    return domain if fits else ""


def _is_ip(host: str) -> bool:
    if host[-1:].isalpha() and ":" not in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _rest(parts: SplitResult) -> str:
    """Path, query and fragment with everything outside ASCII as percent signs. A lone "/" is left out."""
    path = "" if parts.path == "/" and not (parts.query or parts.fragment) else parts.path
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return quote(path + query + fragment, safe=URL_SAFE)
