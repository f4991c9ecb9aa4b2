"""The organization's list of tags. Only administrators keep it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE, UPDATE, Change, log_change
from crm.lib.text import clean
from crm.users.models import User
from customers.actions.below import write
from customers.choices import Hue
from customers.models import ContactTag, CustomerTag, Tag


@transaction.atomic
def create_tag(name: str, *, hue: str = Hue.GREY, by: User) -> Tag:
    """Add a tag. Raises ValidationError when there is one of this name."""
    _require_administrator(by)
    tag = Tag(organization_id=by.own_organization_id, name=_one_line(name), hue=hue)
    write(tag)
    log_change(Change(tag, CREATE, "tag.created", {"name": (None, tag.name)}), by=by)
    return tag


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, hue: str, by: User) -> Tag:
    """Change a tag's name and colour wherever it is worn. Raises ValidationError when there is another one of this name."""
    _require_administrator(by)
    old = (tag.name, tag.hue)
    tag.name, tag.hue = _one_line(name), hue
    write(tag, "name", "hue")
    log_change(Change(tag, UPDATE, "tag.changed", {"name": (old[0], tag.name), "hue": (old[1], tag.hue)}), by=by)
    return tag


@transaction.atomic
def merge_tags(tag: Tag, into: Tag, *, by: User) -> Tag:
    """Whoever wears the first tag wears the second one; the first is gone. Raises ValidationError for a tag and itself."""
    _require_administrator(by)
    if tag.pk == into.pk:
        raise ValidationError({"into": _("A tag cannot be merged with itself. Choose another one.")})
    for worn, holder in ((CustomerTag, "customer_id"), (ContactTag, "contact_id")):
        rows = worn.objects.filter(organization_id=tag.organization_id)
        has_both = rows.filter(tag=into).values(holder)
        rows.filter(tag=tag, **{f"{holder}__in": has_both}).delete()
        rows.filter(tag=tag).update(tag=into)
    log_change(Change(into, UPDATE, "tag.merged", {"name": (tag.name, into.name)}), by=by)
    tag.delete()
    return into


@transaction.atomic
def delete_tag(tag: Tag, *, by: User) -> None:
    """Remove a tag from the list and from all who wear it."""
    _require_administrator(by)
    log_change(Change(tag, DELETE, "tag.deleted", {"name": (tag.name, None)}), by=by)
    tag.delete()


def _one_line(name: str) -> str:
    return " ".join(clean(name).split())


def _require_administrator(by: User) -> None:
    if not by.is_administrator:
        raise PermissionDenied(_("Tags are kept by administrators. Ask one to change the list."))
