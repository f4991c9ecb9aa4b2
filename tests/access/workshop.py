"""The addresses of the workshop's tables: what ada and charlie get at each; everybody else gets 403."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.activities.models import ActivityLink, CalendarFeed
from crm.api.models import ApiRequest, ApiToken
from crm.audit.models import LogEntry
from crm.bulk.models import BulkChange
from crm.config.admin import site
from crm.events.models import Event
from crm.exports.models import Export
from crm.fields.models import CustomField
from crm.fields.record_types import record_types
from crm.imports.models import ImportMapping
from crm.mail.models import HeldMail
from crm.notifications.models import Following, Notification, NotificationMail, Preference
from crm.query.models import Audience, SavedView
from crm.setup.admin.operators import OperatorsTable
from crm.users.actions import invite_person
from crm.users.models import Invitation, Outcome, SignIn


@dataclass(frozen=True)
class Facts:
    """Of one address: what ada gets, what charlie gets of ada's row, and the arguments."""

    ada: int
    charlie: int
    args: Callable[[Any], list[Any]] = lambda world: []
    method: str = "GET"


def _token(world: Any) -> int:
    """No two organizations have the same hash."""
    return _made(ApiToken, name="Till", hash=f"{world.people['alice'].organization_id:064d}")(world)


def _made(model: Any, **facts: Any) -> Callable[[Any], int]:
    """A row about alice, made by itself."""
    return lambda world: int(model.objects.get_or_create(person=world.people["alice"], **facts)[0].pk)


def _invitation(world: Any) -> int:
    found = Invitation.objects.filter(email="nils@halden.example").first()
    return found.pk if found else int(invite_person("nils@halden.example", role=world.people["alice"].role, by=world.people["ada"]).pk)


def _mail_of_notification(world: Any) -> int:
    notification, _new = Notification.objects.get_or_create(person=world.people["alice"], key="m", kind="changed")
    return int(NotificationMail.objects.get_or_create(notification=notification)[0].pk)


def _view(world: Any) -> int:
    ada = world.people["ada"]
    return int(
        SavedView.objects.get_or_create(
            organization=ada.organization, record_type="customer", name="All", owner=ada, audience=Audience.ALL
        )[0].pk
    )


ROW_OF: dict[str, Callable[[Any], int]] = {
    **{kind: lambda world, kind=kind: world.activities[kind].pk for kind in ("task", "call", "meeting", "note", "email")},  # type: ignore[misc]
    "customer": lambda world: world.customer.pk,
    "contact": lambda world: world.contact.pk,
    "contactpoint": lambda world: world.point.pk,
    "affiliation": lambda world: world.affiliation.pk,
    "relationship": lambda world: world.relationship.pk,
    "tag": lambda world: world.tag.pk,
    "opportunity": lambda world: world.opportunity.pk,
    "pipeline": lambda world: world.opportunity.pipeline_id,
    "stage": lambda world: world.opportunity.stage_id,
    "stagechange": lambda world: world.opportunity.stage_changes.latest("pk").pk,
    "opportunitycontact": lambda world: world.opportunity.roles.get_or_create(contact=world.contact)[0].pk,
    "activitylink": lambda world: ActivityLink.objects.latest("pk").pk,
    "calendarfeed": lambda world: CalendarFeed.objects.get_or_create(person=world.people["alice"], hash="x")[0].pk,
    "user": lambda world: world.people["alice"].pk,
    "team": lambda world: world.people["alice"].team_id,
    "role": lambda world: world.people["alice"].role_id,
    "organization": lambda world: world.people["alice"].organization_id,
    "invitation": _invitation,
    "logentry": lambda world: LogEntry.objects.latest("pk").pk,
    "event": lambda world: Event.objects.latest("pk").pk,
    "signin": lambda world: SignIn.objects.create(user=world.people["alice"], outcome=Outcome.SIGNED_IN, address="127.0.0.1").pk,
    "job": lambda world: world.job.pk,
    "savedview": _view,
    "import": lambda world: world.run.pk,
    "importmapping": _made(ImportMapping, record_type="customer", signature="x"),
    "following": _made(Following, record_type="customer", record_id=1),
    "preference": _made(Preference),
    "notification": _made(Notification, key="n", kind="changed"),
    "notificationmail": _mail_of_notification,
    "customfield": lambda world: CustomField.objects.get_or_create(record_type="customer", name="x", kind="text", label="X")[0].pk,
    "apitoken": _token,
    "apirequest": lambda world: (
        ApiRequest.objects.get_or_create(token_id=_token(world), method="GET", path="/", status=200, duration_ms=1)[0].pk
    ),
    "bulkchange": _made(BulkChange, record_type="customer", kind="delete"),
    "export": _made(Export, record_type="customer", sort="name"),
    "heldmail": lambda world: (
        HeldMail.objects.create(
            organization=world.people["ada"].organization, sender="t@x.example", recipients=["x@y.example"], subject="Hi"
        ).pk
    ),
}
"""Of each table one row of ada's organization. A new table needs its line."""


def table_addresses() -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for model, model_admin in site._registry.items():
        stem, key = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._meta.model_name or ""
        if isinstance(model_admin, OperatorsTable):
            found |= {f"{stem}_{page}": Facts(403, 403, lambda world: [1]) for page in ("history", "delete", "change")}
            found |= {f"{stem}_{page}": Facts(403, 403) for page in ("changelist", "add")}
            continue
        row = lambda world, key=key: [ROW_OF[key](world)]  # noqa: E731
        found |= {
            f"{stem}_changelist": Facts(200, 200),
            f"{stem}_add": Facts(*[200 if model_admin.adds else 403] * 2),  # type: ignore[attr-defined]  # ours, all of them
            f"{stem}_change": Facts(200, 404, row),
            f"{stem}_history": Facts(302 if key in record_types else 200, 404, row),
            f"{stem}_delete": Facts(200 if model_admin.removes else 403, 404, row),  # type: ignore[attr-defined]
        }
        if model_admin.verbs:  # type: ignore[attr-defined]
            found[f"{stem}_do"] = Facts(404, 404, row, "POST")
    return found


def names_without_records() -> set[str]:
    """The workshop's pages on which no record of a record type stands, or one that hangs on it, for administrators, who see all."""
    tables = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in site._registry
        if model._meta.model_name not in record_types
        for page in ("changelist", "add", "change", "history", "delete")
    }
    return tables | {f"admin:{name}" for name in ("index", "app_list", "autocomplete", "login", "logout", "choose")}
