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
