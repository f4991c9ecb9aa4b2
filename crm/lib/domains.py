"""Placeholder of the lead, replaced by the owner of crm/lib (keep domain_of and domain_of_email: they never raise)."""

from urllib.parse import urlsplit


def domain_of(website: str) -> str:
    """The domain without "www.", for comparison; empty when there is none."""
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    return host.removeprefix("www.")


def domain_of_email(email: str) -> str:
    """The domain of an address, empty for free-mail providers."""
    domain = email.rpartition("@")[2].casefold()
    return "" if domain in {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de"} else domain


class InvalidWebsite(ValueError):
    """Not a web address; the message says how to mend it."""


def normalise_website(text: str) -> tuple[str, str]:
    """The address with its scheme, and its domain."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "." not in parts.hostname or " " in address or parts.username:
        raise InvalidWebsite("This is not a web address. Write it like www.example.com.")
    return address, domain_of(address)
