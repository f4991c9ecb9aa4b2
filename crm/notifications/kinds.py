"""What people can be told of, and by which way: each room registers its own kinds."""

from dataclasses import dataclass

from django.utils.functional import Promise

from crm.notifications.models import Channel


@dataclass(frozen=True)
class NotificationKind:
    """`usual` holds until a person chooses another way; kinds that protect people cannot be chosen away."""

    key: str
    label: str | Promise
    usual: str = Channel.APP
    chosen: bool = True


_kinds: dict[str, NotificationKind] = {}


def register(*kinds: NotificationKind) -> None:
    """Add kinds. The same key again replaces the earlier one."""
    _kinds.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> NotificationKind:
    """Of a key that nobody registered: told in the app alone."""
    return _kinds.get(key) or NotificationKind(key, key, chosen=False)


def chosen_kinds() -> list[NotificationKind]:
    """Those that each person chooses a way for."""
    return [kind for kind in _kinds.values() if kind.chosen]
