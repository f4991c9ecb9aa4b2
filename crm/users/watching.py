"""What people read and take out is counted, so that administrators hear of what is unusual.

The sums live in Valkey and are forgotten with their hour or day; only a notice is a row. Reading never waits for it and is never refused:
without Valkey nothing is counted.
"""

from ipaddress import ip_address, ip_network

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from crm.events.outbox import record_event
from crm.lib.counters import increased, is_marked, mark
from crm.lib.devices import device
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.addresses import client_address
from crm.users.models import AccessNotice, Outcome, SignIn, User, Watched
from crm.users.viewing import really

HOUR, DAY = 3600, 24 * 3600
SPANS = {Watched.OPENED: HOUR, Watched.LISTED: DAY, Watched.EXPORTED: DAY}
KNOWN_DEVICES = 500
"""So many of the latest sign-ins are looked through."""


def count_read(request: HttpRequest, rule: Watched, rows: int = 1) -> None:
    """The person of this request read so many more. An administrator who sees Tern as somebody else reads for themselves."""
    person = really(request)
    if person is not None:
        count_rows(person, rule, rows, address=client_address(request), agent=request.headers.get("User-Agent", ""))


def count_rows(person: User, rule: Watched, rows: int, *, address: str = "", agent: str = "") -> None:
    """Count, and write a notice after the commit where it was too many."""
    most = limit_of(person.organization, rule) if person.organization else None
    if most is None or rows <= 0:
        return
    span = SPANS[rule]
    now = timezone.now()
    name = f"tern:watch:{person.pk}:{rule}"
    count = increased(f"{name}:{int(now.timestamp()) // span}", rows, seconds=span)
    if count < most or is_marked(f"{name}:told:{timezone.now():%Y%m%d}"):
        return
    transaction.on_commit(lambda: _tell(person, rule, count, address, agent), robust=True)


def limit_of(organization: Organization, rule: Watched) -> int | None:
    """From how many on it is told; None: it is not watched."""
    found: int | None = getattr(organization, f"watch_{rule}")
    return found


def watch_device(request: HttpRequest, person: User) -> None:
    """Before this sign-in is logged: tell where nobody knows the browser in that network from an earlier one. The first is no news."""
    if person.organization is None or not person.organization.watch_devices:
        return
    address, agent = client_address(request), request.headers.get("User-Agent", "")[:300]
    earlier = SignIn.objects.filter(user=person, outcome=Outcome.SIGNED_IN)[:KNOWN_DEVICES]
    known = {(network_of(sign_in.address), device(sign_in.agent)) for sign_in in earlier}
    if known and (network_of(address), device(agent)) not in known:
        notice_access(person, Watched.DEVICE, address=address, agent=agent)


def network_of(address: str) -> str:
    """The neighbourhood of an address: a device that comes back seldom has the very same one."""
    length = 24 if ip_address(address).version == 4 else 48
    return str(ip_network(f"{address}/{length}", strict=False))


def notice_access(person: User, rule: Watched, *, count: int = 0, address: str = "", agent: str = "") -> AccessNotice | None:
    """Write it down and let administrators know; None where it was told today already."""
    with tenant(person.own_organization):
        facts = {"count": count, "address": address or None, "agent": agent[:300]}
        same = {"organization_id": person.own_organization_id, "person": person, "rule": rule, "day": timezone.now().date()}
        notice, new = AccessNotice.objects.get_or_create(**same, defaults=facts)
        if new:
            record_event("access.noticed", notice, by=None)
    return notice if new else None


def _tell(person: User, rule: Watched, count: int, address: str, agent: str) -> None:
    """Marked only when it is written: what fails is tried again with the next record that is read."""
    notice_access(person, rule, count=count, address=address, agent=agent)
    mark(f"tern:watch:{person.pk}:{rule}:told:{timezone.now():%Y%m%d}", seconds=DAY)
