"""Where a request comes from. What proxies say is believed only of those named in TERN_TRUSTED_PROXIES."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  # stands for no address, nothing listens on it

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: the nearest one in X-Forwarded-For that is no trusted proxy, else the connection's."""
    nearest = _read(request.META.get("REMOTE_ADDR", ""))
    if nearest is None:
        return UNKNOWN
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _is_trusted(nearest):
            break
        found = _read(text)
        if found is None:
            break
        nearest = found
    return str(nearest)


def comes_through_a_proxy(request: HttpRequest) -> bool:
    """Whether the connection is that of a trusted proxy."""
    address = _read(request.META.get("REMOTE_ADDR", ""))
    return address is not None and _is_trusted(address)


def _read(text: str) -> Address | None:
    """An address without its port; IPv4 written as IPv6 becomes IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@cache
def _networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(text, strict=False) for text in texts]
    except ValueError as error:
        raise ImproperlyConfigured(f"TERN_TRUSTED_PROXIES: {error}. Write addresses or networks, separated by commas.") from None
