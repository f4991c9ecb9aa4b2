"""Keeping, changing and dropping saved views."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE, UPDATE, Change, log_change
from crm.fields.record_types import RecordType
from crm.query.models import Audience, SavedView
from crm.query.questions import checked
from crm.query.rules import EVERYTHING, Rule, as_data
from crm.users.models import Role, User


@dataclass(frozen=True)
class Arrangement:
    """What a list shows: which rows, which columns, in which order, how many."""

    rule: Rule = EVERYTHING
    columns: list[str] = field(default_factory=list)
    sort: str = ""
    size: int = 50


@transaction.atomic
def create_view(record_type: RecordType, name: str, arrangement: Arrangement, *, audience: str = Audience.ME, by: User) -> SavedView:
    """Keep what a list shows. Raises ValidationError (by field), RuleError where the person may not ask the rule."""
    last = SavedView.objects.filter(organization=by.organization, record_type=record_type.key).aggregate(last=Max("position"))["last"]
    view = SavedView(organization_id=by.organization_id or 0, record_type=record_type.key, owner=by, position=(last or 0) + 1)
    _arrange(view, name, arrangement, audience, record_type, by)
    _save(view, force_insert=True)
    log_change(Change(view, CREATE, "savedview.created", {"name": (None, view.name)}), by=by)
    return view


@transaction.atomic
def change_view(view: SavedView, name: str, arrangement: Arrangement, *, audience: str, record_type: RecordType, by: User) -> SavedView:
    """Keep something else under the name, or another name. Raises ValidationError, RuleError, PermissionDenied."""
    _require_kept(view, by)
    old = {"name": view.name, "rule": view.rule, "audience": view.audience}
    _arrange(view, name, arrangement, audience, record_type, by)
    _save(view)
    changes = {key: (before, getattr(view, key)) for key, before in old.items() if before != getattr(view, key)}
    log_change(Change(view, UPDATE, "savedview.changed", changes), by=by)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    """Drop a view. The records in it are untouched."""
    _require_kept(view, by)
    log_change(Change(view, DELETE, "savedview.deleted", {"name": (view.name, None)}), by=by)
    view.delete()


@transaction.atomic
def move_view(view: SavedView, *, up: bool, by: User) -> None:
    """One place towards the beginning of the tabs, or towards their end."""
    _require_kept(view, by)
    order = list(SavedView.objects.offered_to(by).filter(record_type=view.record_type))
    at = next(number for number, other in enumerate(order) if other.pk == view.pk)
    if not 0 <= (to := at - 1 if up else at + 1) < len(order):
        return
    view.position = order[to].position + (-1 if up else 1)
    view.save(update_fields=["position"])


def starting_view(user: User, record_type: str) -> int | None:
    """The key of the view that the person's list opens with: what the person chose, else the role's; None for the whole list."""
    of_role = user.role.start_views.get(record_type) if user.role else None
    return user.start_views.get(record_type, of_role) or None


@transaction.atomic
def start_with(view: SavedView | None, record_type: RecordType, *, by: User) -> None:
    """Let the person's own list open with a view; with None as the whole list, whatever the role says."""
    by.start_views = {**by.start_views, record_type.key: view.pk if view else 0}
    by.save(update_fields=["start_views"])


@transaction.atomic
def start_role_with(view: SavedView, role: Role, *, by: User) -> None:
    """Let the lists of everybody in a role open with a view, unless they chose another; the same view again takes it back."""
    if not by.is_administrator:
        raise PermissionDenied(_("Only administrators choose what a role's lists open with."))
    if view.audience != Audience.ALL:
        raise ValidationError(_("Offer the view to everybody first: a list can only open with a view that its reader sees."))
    before = role.start_views.get(view.record_type)
    role.start_views = {**role.start_views, view.record_type: 0 if before == view.pk else view.pk}
    role.save(update_fields=["start_views", "updated_at"])
    log_change(Change(role, UPDATE, "role.start_view", {"start_view": (before, role.start_views[view.record_type])}), by=by)


def _arrange(view: SavedView, name: str, arrangement: Arrangement, audience: str, record_type: RecordType, by: User) -> None:
    if audience == Audience.ALL and not by.is_administrator and view.audience != Audience.ALL:
        raise ValidationError({"audience": _("Only administrators offer a view to everybody. Choose your team, or ask one.")})
    if audience == Audience.TEAM and by.team is None:
        raise ValidationError({"audience": _("You are in no team. Keep the view for yourself, or ask an administrator to add you to one.")})
    view.name, view.audience = " ".join(name.split()), audience
    view.team = by.team if audience == Audience.TEAM else None
    view.rule = as_data(checked(arrangement.rule, record_type, by))
    view.columns, view.sort, view.size = arrangement.columns, arrangement.sort, arrangement.size
    view.full_clean(exclude=["organization"], validate_constraints=False)
    view.validate_constraints()


def _save(view: SavedView, *, force_insert: bool = False) -> None:
    """Two browsers at once can pass the check of the name: the database then says the same."""
    try:
        with transaction.atomic():
            view.save(force_insert=force_insert)
    except IntegrityError:
        raise ValidationError(_("You have a view of this name already. Choose another name.")) from None


def is_kept_by(view: SavedView, user: User) -> bool:
    """Whether the person may change or drop this view: the own ones; for administrators also what is for others."""
    own: bool = view.owner_id == user.pk
    return view.organization_id == user.organization_id and (own or (user.is_administrator and view.audience != Audience.ME))


def _require_kept(view: SavedView, by: User) -> None:
    if not is_kept_by(view, by):
        raise PermissionDenied(_("This view belongs to %(person)s. Save a copy of your own instead.") % {"person": view.owner})
