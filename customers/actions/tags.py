"""The organization's list of tags. Only administrators keep it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE, UPDATE, Change, log_change
from crm.users.models import User
from customers.models import Tag

HUES = ("grey", "green", "amber", "red", "blue", "violet", "teal", "pink")


@transaction.atomic
def create_tag(name: str, *, hue: str = "grey", by: User) -> Tag:
    """Add a tag. Raises ValidationError when there is one of this name."""
    _require_administrator(by)
    tag = Tag(organization_id=by.own_organization_id, name=name.strip(), hue=hue if hue in HUES else "grey")
    tag.full_clean(exclude=["organization"])
    tag.save(force_insert=True)
    log_change(Change(tag, CREATE, "tag.created", {"name": (None, tag.name)}), by=by)
    return tag


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, hue: str, by: User) -> Tag:
    """Change a tag's name and colour wherever it is worn."""
    _require_administrator(by)
    old = (tag.name, tag.hue)
    tag.name, tag.hue = name.strip(), hue if hue in HUES else tag.hue
    tag.full_clean(exclude=["organization"])
    tag.save(update_fields=["name", "hue"])
    log_change(Change(tag, UPDATE, "tag.changed", {"name": (old[0], tag.name), "hue": (old[1], tag.hue)}), by=by)
    return tag


@transaction.atomic
def delete_tag(tag: Tag, *, by: User) -> None:
    """Remove a tag from the list and from all who wear it."""
    _require_administrator(by)
    log_change(Change(tag, DELETE, "tag.deleted", {"name": (tag.name, None)}), by=by)
    tag.delete()


def _require_administrator(by: User) -> None:
    if not by.is_administrator:
        raise PermissionDenied(_("Tags are kept by administrators. Ask one to change the list."))
