"""The rows of the address matrix: for each address its arguments and what each person gets.

alice owns the record, bob is in her team, dora in the team beside, sam's role sees all and changes nothing, ada administers, charlie is of
another organization.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.activities.actions.write import create_task, log_call, log_email, plan_meeting, write_note
from crm.activities.models import Activity
from crm.api.addresses import plural_of
from crm.bulk.models import BulkChange
from crm.bulk.models import Kind as BulkKind
from crm.bulk.models import Stage as BulkStage
from crm.exports.models import Export
from crm.fields.models import CustomField
from crm.fields.record_types import record_types
from crm.imports.models import Import, Stage
from crm.jobs.models import Job, State
from crm.mail.models import HeldMail
from crm.setup.actions import create_field
from crm.users.actions import invite_person
from crm.users.models import Invitation, User
from customers.actions import add_affiliation, add_point, relate
from customers.choices import PointKind, RelationshipKind
from customers.models import Affiliation, Contact, ContactPoint, Customer, Relationship, Tag
from sales.models import Opportunity
from tests.access.workshop import table_addresses
from tests.factories.customers import make_contact, make_customer
from tests.factories.sales import make_opportunity

READ_BY_SAM = {"opportunity"}
PEOPLE = ("alice", "bob", "dora", "sam", "ada", "charlie")


@dataclass
class World:
    """What the addresses are about: alice's customer with a contact and all that hangs on them."""

    people: dict[str, User]
    customer: Customer
    contact: Contact
    point: ContactPoint
    relationship: Relationship
    affiliation: Affiliation
    tag: Tag
    opportunity: Opportunity
    field: CustomField
    activities: dict[str, Activity] = field(default_factory=dict)
    run: Import | None = None
    export: Export | None = None
    change: BulkChange | None = None
    job: Job | None = None


def make_world(people: dict[str, User]) -> World:
    alice = people["alice"]
    customer, other = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    contact = make_contact(alice, customer=customer)
    return World(
        people=people,
        customer=customer,
        contact=contact,
        point=add_point(contact, PointKind.PHONE, "+4930123456", by=alice),
        relationship=relate(customer, RelationshipKind.PARTNER, other, by=alice),
        affiliation=add_affiliation(contact, other, role="Adviser", by=alice),
        tag=Tag.objects.create(name="reference"),
        opportunity=make_opportunity(alice, customer=customer),
        field=create_field(record_types["customer"], "text", by=people["ada"], label="Machine number"),
        activities={
            "task": create_task([customer], by=alice, subject="Send the quote"),
            "call": log_call([customer], by=alice, subject="Asked for the quote"),
            "meeting": plan_meeting([customer], by=alice, subject="Kick-off"),
            "note": write_note([customer], by=alice, body="Met at the fair"),
            "email": log_email([customer], by=alice, subject="The quote"),
        },
        run=Import.objects.create(person=alice, record_type="customer", file_name="a.csv", folder="", stage=Stage.DONE),
        export=Export.objects.create(person=alice, record_type="customer", columns=["name"], sort="name"),
        change=BulkChange.objects.create(person=alice, record_type="customer", kind="delete", stage=BulkStage.READY),
        job=Job.objects.create(person=alice, kind="import.check", title="Dry run", state=State.DONE),
    )


@dataclass(frozen=True)
class Row:
    """What each person gets at one address, in the order of PEOPLE."""

    statuses: dict[str, int]
    args: Callable[[World], list[Any]] = lambda world: []
    method: str = "GET"
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    anonymous: int = 302
    json: bool = False


def row(alice: int, bob: int, dora: int, sam: int, ada: int, charlie: int, **facts: Any) -> Row:
    return Row(dict(zip(PEOPLE, (alice, bob, dora, sam, ada, charlie), strict=True)), **facts)


def everybody(status: int = 200, **facts: Any) -> Row:
    return row(*[status] * 6, **facts)


def of_customer(*statuses: int, **facts: Any) -> Row:
    return row(*statuses, args=lambda world: ["customer", world.customer.pk], **facts)


def of_import(*statuses: int, more: tuple[int, ...] = (), **facts: Any) -> Row:
    """alice imported; administrators of her organization see it, too."""
    return row(*statuses, args=lambda world: [world.run.pk if world.run else 0, *more], **facts)


def of_export(*statuses: int, **facts: Any) -> Row:
    """alice exported: nobody else sees that, administrators neither."""
    return row(*statuses, args=lambda world: [world.export.pk if world.export else 0], **facts)


def of_change(*statuses: int, **facts: Any) -> Row:
    """alice looked at what a change of many would do: nobody else sees that, administrators neither."""
    return row(*statuses, args=lambda world: [world.change.pk if world.change else 0], **facts)


def of_job(*statuses: int, **facts: Any) -> Row:
    return row(*statuses, args=lambda world: [world.job.pk if world.job else 0], **facts)


def setup(ada: int = 200, charlie: int = 200, **facts: Any) -> Row:
    """Pages of Setup: 403 for everybody who does not administer; charlie administers another organization."""
    return row(403, 403, 403, 403, ada, charlie, **facts)


def of_alice(ada: int, **facts: Any) -> Row:
    return setup(ada, 404, args=lambda world: [world.people["alice"].pk], **facts)


def of_team(world: World) -> list[Any]:
    return [world.people["alice"].team_id]


def of_role(world: World) -> list[Any]:
    return [world.people["alice"].role_id]


def of_mail(world: World) -> list[int]:
    halden = world.people["ada"].organization
    return [HeldMail.objects.create(organization=halden, sender="tern@localhost", recipients=["x@y.example"], subject="Hello", body="").pk]


def of_invitation(world: World) -> list[Any]:
    """One open invitation of ada's."""
    role = world.people["alice"].role
    assert role is not None
    found = Invitation.objects.first() or invite_person("nora@halden.example", role=role, by=world.people["ada"])
    return [found.pk]


def of_opportunity(world: World) -> list[Any]:
    return [world.opportunity.pk]


def of_point(world: World) -> list[Any]:
    return [world.contact.pk, world.point.pk]


def of_affiliation(world: World) -> list[Any]:
    return [world.contact.pk, world.affiliation.pk]


def of_activity(kind: str) -> dict[str, Row]:
    """An activity of alice's on her customer: seen with the customer, changed by its owner and by who reaches it."""
    own: Callable[[World], list[Any]] = lambda world: [world.activities[kind].pk]  # noqa: E731
    return {
        f"{kind}-list": everybody(),
        f"{kind}-create": everybody(),
        f"{kind}-detail": row(200, 200, 404, 200, 200, 404, args=own),
        f"{kind}-update": row(200, 403, 404, 403, 200, 404, args=own),
    }


def of_api(kind: str, own: Callable[[World], list[Any]], changes: int = 428) -> dict[str, Row]:
    """The API's addresses of one record type: `own` is a record of alice's. Everybody shows a token of their own."""
    facts: dict[str, Any] = {"anonymous": 401, "json": True}
    name = f"api:{plural_of(kind)}"
    return {
        f"{name}-list": everybody(200, **facts),
        f"{name}-retrieve": row(200, 200, 404, 200, 200, 404, args=own, **facts),
        f"{name}-create": row(
            422, 422, 422, 403 if kind in READ_BY_SAM else 422, 422, 422, method="POST", data=lambda world: {"moon": 1}, **facts
        ),
        f"{name}-update": row(428, changes, 404, 403, 428, 404, args=own, method="PATCH", **facts),
        f"{name}-delete": row(204, 403, 404, 403, 204, 404, args=own, method="DELETE", **facts),
        f"{name}-restore": row(200, 200, 404, 200, 200, 404, args=own, method="POST", **facts),
        f"{name}-follow": row(200, 200, 404, 200, 200, 404, args=own, method="POST", **facts),
        f"{name}-unfollow": row(200, 200, 404, 200, 200, 404, args=own, method="POST", **facts),
        f"{name}-share": row(422, 403, 404, 403, 422, 404, args=own, method="POST", **facts),
        f"{name}-unshare": row(422, 403, 404, 403, 422, 404, args=own, method="POST", **facts),
        **{
            f"{name}-bulk_{what}": of_many(what, kind, **facts)
            for what in BulkKind.values
            if what != "tag" or kind in {"customer", "contact"}
        },
    }


def of_many(what: str, kind: str, **facts: Any) -> Row:
    """Who may do this to no record of the type hears so before the body is read: sam shares nothing, and deletes activities alone."""
    never = kind in READ_BY_SAM or what == "share" or (what == "delete" and kind in {"customer", "contact"})
    sam = 403 if never else 422
    return row(422, 422, 422, sam, 422, 422, method="POST", data=lambda world: {"moon": 1}, **facts)


def api_rows() -> dict[str, Row]:
    found = of_api("customer", lambda world: [world.customer.pk]) | of_api("contact", lambda world: [world.contact.pk])
    found |= of_api("opportunity", of_opportunity)
    for kind in ("task", "call", "meeting", "note", "email"):
        found |= of_api(kind, lambda world, kind=kind: [world.activities[kind].pk], changes=403)  # type: ignore[misc]
    facts: dict[str, Any] = {"anonymous": 401, "json": True}
    for verb in ("complete", "reopen"):
        of_task: Callable[[World], list[Any]] = lambda world: [world.activities["task"].pk]  # noqa: E731
        found[f"api:tasks-{verb}"] = row(200, 403, 404, 403, 200, 404, args=of_task, method="POST", **facts)
    return found | {
        "api:imports-list_imports": everybody(**facts),
        "api:imports-create": everybody(415, method="POST", **facts),
        "api:imports-retrieve": of_import(200, 404, 404, 404, 200, 404, **facts),
        "api:imports-update": of_import(422, 404, 404, 404, 422, 404, method="PATCH", data=lambda world: {"moon": 1}, **facts),
        "api:imports-discard": of_import(422, 404, 404, 404, 422, 404, method="DELETE", **facts),
        "api:imports-list_rows": of_import(200, 404, 404, 404, 200, 404, **facts),
        **{f"api:imports-{verb}": of_import(422, 404, 404, 404, 422, 404, method="POST", **facts) for verb in ("check", "commit", "undo")},
        "api:exports-list_exports": everybody(**facts),
        "api:exports-create": everybody(422, method="POST", data=lambda world: {"moon": 1}, **facts),
        "api:exports-retrieve": of_export(200, 404, 404, 404, 404, 404, **facts),
        "api:exports-fetch": of_export(404, 404, 404, 404, 404, 404, **facts),
        "api:exports-discard": of_export(204, 404, 404, 404, 404, 404, method="DELETE", **facts),
        "api:bulk-list_changes": everybody(**facts),
        "api:bulk-retrieve": of_change(200, 404, 404, 404, 404, 404, **facts),
        "api:bulk-list_refused": of_change(200, 404, 404, 404, 404, 404, **facts),
        "api:bulk-run": of_change(200, 404, 404, 404, 404, 404, method="POST", **facts),
        "api:bulk-undo": of_change(422, 404, 404, 404, 404, 404, method="POST", **facts),
        "api:bulk-discard": of_change(204, 404, 404, 404, 404, 404, method="DELETE", **facts),
        "api:jobs-list_jobs": everybody(**facts),
        "api:jobs-retrieve_job": of_job(200, 404, 404, 404, 200, 404, **facts),
        "api:jobs-cancel": of_job(200, 404, 404, 404, 200, 404, method="POST", **facts),
    }


SALES: dict[str, Row] = {
    "opportunity-list": everybody(),
    "opportunity-board": everybody(),
    "opportunity-create": row(200, 200, 200, 403, 200, 200),
    "opportunity-detail": row(200, 200, 404, 200, 200, 404, args=of_opportunity),
    "opportunity-update": row(200, 200, 404, 403, 200, 404, args=of_opportunity),
    "opportunity-stage": row(200, 200, 404, 403, 200, 404, args=of_opportunity),
    "opportunity-peek": row(200, 200, 404, 200, 200, 404, args=of_opportunity),
    "opportunity-cell": row(302, 302, 404, 403, 302, 404, args=lambda world: [world.opportunity.pk, "next_step"]),
    "opportunity-cell-undo": row(404, 404, 404, 403, 404, 404, args=lambda world: [world.opportunity.pk, "next_step", 999], method="POST"),
}

ROWS: dict[str, Row] = {
    **api_rows(),
    **SALES,
    "api:api-root": everybody(404, anonymous=404),
    "api-document": everybody(anonymous=200, json=True),
    "api-docs": everybody(),
    "own-tokens": everybody(),
    "own-calendar": everybody(),
    "calendar": everybody(404, anonymous=404, args=lambda world: ["1-nobodyknows"]),
    "meeting-file": row(200, 200, 404, 200, 200, 404, args=lambda world: [world.activities["meeting"].pk]),
    "token-revoke": everybody(404, args=lambda world: [2**40], method="POST"),
    "api-token-list": setup(),
    "job-list": everybody(),
    "job-detail": of_job(200, 404, 404, 404, 200, 404),
    "job-cancel": of_job(302, 404, 404, 404, 302, 404, method="POST"),
    "import-list": everybody(),
    "import-new": everybody(),
    "import-detail": of_import(200, 404, 404, 404, 200, 404),
    "import-columns": of_import(302, 404, 404, 404, 302, 404),
    "import-match": of_import(302, 404, 404, 404, 302, 404),
    "import-choices": of_import(302, 404, 404, 404, 302, 404, more=(0,)),
    "import-commit": of_import(302, 404, 404, 404, 302, 404, method="POST"),
    "import-undo": of_import(302, 404, 404, 404, 302, 404, method="POST"),
    "import-discard": of_import(302, 404, 404, 404, 302, 404, method="POST"),
    "import-refused": of_import(404, 404, 404, 404, 404, 404),
    "export-list": everybody(),
    "export-new": row(200, 200, 200, 403, 200, 200, args=lambda world: ["customer"]),
    "export-download": of_export(404, 404, 404, 404, 404, 404),
    "bulk-list": everybody(),
    "bulk-new": everybody(args=lambda world: ["customer", "edit"]),
    "bulk-detail": of_change(200, 404, 404, 404, 404, 404),
    "bulk-run": of_change(302, 404, 404, 404, 404, 404, method="POST"),
    "bulk-undo": of_change(302, 404, 404, 404, 404, 404, method="POST"),
    "bulk-discard": of_change(302, 404, 404, 404, 404, 404, method="POST"),
    "export-delete": of_export(302, 404, 404, 404, 404, 404, method="POST"),
    **{name: found for kind in ("task", "call", "meeting", "note", "email") for name, found in of_activity(kind).items()},
    "home": everybody(),
    "task-complete": row(302, 403, 404, 403, 302, 404, args=lambda world: [world.activities["task"].pk], method="POST"),
    "task-reopen": row(302, 403, 404, 403, 302, 404, args=lambda world: [world.activities["task"].pk], method="POST"),
    "task-snooze": row(302, 403, 404, 403, 302, 404, args=lambda world: [world.activities["task"].pk], method="POST"),
    "activity-delete": row(302, 403, 404, 403, 302, 404, args=lambda world: [world.activities["note"].pk], method="POST"),
    "activity-restore": row(404, 404, 404, 404, 404, 404, args=lambda world: [world.activities["note"].pk], method="POST"),
    "activity-write": row(
        302,
        302,
        404,
        302,
        302,
        404,
        args=lambda world: ["customer", world.customer.pk, "note"],
        method="POST",
        data=lambda world: {"body": "x"},
    ),
    "record-timeline": of_customer(200, 200, 404, 200, 200, 404),
    "record-follow": of_customer(302, 302, 404, 302, 302, 404, method="POST"),
    "colleague-suggest": everybody(),
    "mention-suggest": row(200, 200, 404, 200, 200, 404, args=lambda world: ["customer", world.customer.pk]),
    "notification-list": everybody(),
    "notification-bell": everybody(),
    "notification-read-all": everybody(302, method="POST"),
    "notification-open": everybody(404, args=lambda world: [999]),
    "notification-read": everybody(404, args=lambda world: [999], method="POST"),
    "notification-unread": everybody(302, args=lambda world: [999], method="POST"),
    "notification-preferences": everybody(),
    "notification-uncertain": row(403, 403, 403, 403, 200, 200),
    "notification-settle": row(403, 403, 403, 403, 404, 404, args=lambda world: [999], method="POST"),
    "customer-peek": row(200, 200, 404, 200, 200, 404, args=lambda world: [world.customer.pk]),
    "customer-cell": row(302, 302, 404, 403, 302, 404, args=lambda world: [world.customer.pk, "size"]),
    "customer-cell-undo": row(404, 404, 404, 403, 404, 404, args=lambda world: [world.customer.pk, "size", 999], method="POST"),
    "contact-peek": row(200, 200, 404, 200, 200, 404, args=lambda world: [world.contact.pk]),
    "contact-cell": row(302, 302, 404, 403, 302, 404, args=lambda world: [world.contact.pk, "job_title"]),
    "contact-cell-undo": row(404, 404, 404, 403, 404, 404, args=lambda world: [world.contact.pk, "job_title", 999], method="POST"),
    "record-purge": of_customer(404, 404, 404, 404, 404, 404),
    "saved-views": everybody(302, args=lambda world: ["customer"], method="POST"),
    "first-run": everybody(404, anonymous=404),
    "join": everybody(200, args=lambda world: [Invitation.objects.get(pk=of_invitation(world)[0]).key], anonymous=200),
    "profile": everybody(),
    "own-sign-ins": everybody(),
    "home-arrange": everybody(),
    "operator-mail": everybody(403),
    "setup": setup(),
    "organization": setup(),
    "first-steps-close": setup(302, 302, method="POST"),
    "person-list": setup(),
    "person-invite": setup(),
    "person": of_alice(200),
    "person-deactivate": of_alice(200),
    "person-reactivate": of_alice(302, method="POST"),
    "person-second-factor": of_alice(302, method="POST"),
    "person-view": of_alice(200),
    "person-sign-out": of_alice(302, method="POST"),
    "access-notice-list": setup(),
    "viewing-stop": everybody(302, method="POST"),
    "invitation": setup(200, 404, args=of_invitation),
    "invitation-resend": setup(302, 404, args=of_invitation, method="POST"),
    "invitation-revoke": setup(302, 404, args=of_invitation, method="POST"),
    "team-list": setup(),
    "team": setup(200, 404, args=of_team),
    "role-list": setup(302, 302),
    "role-new": setup(),
    "role": setup(200, 404, args=of_role),
    "role-duplicate": setup(200, 404, args=of_role),
    "role-home": setup(200, 404, args=of_role),
    "role-delete": setup(302, 404, args=of_role, method="POST"),
    "sign-in-list": setup(),
    "setup-changes": setup(),
    "held-mail-list": setup(),
    "mail-send": setup(302, 404, args=of_mail, method="POST"),
    "mail-delete": setup(302, 404, args=of_mail, method="POST"),
    "customer-list": everybody(),
    "customer-create": everybody(),
    "customer-detail": row(200, 200, 404, 200, 200, 404, args=lambda world: [world.customer.pk]),
    "customer-update": row(200, 200, 404, 403, 200, 404, args=lambda world: [world.customer.pk]),
    "customer-relate": row(200, 200, 404, 403, 200, 404, args=lambda world: [world.customer.pk]),
    "customer-unrelate": row(302, 302, 404, 403, 302, 404, args=lambda world: [world.customer.pk, world.relationship.pk], method="POST"),
    "contact-list": everybody(),
    "contact-create": everybody(),
    "contact-detail": row(200, 200, 404, 200, 200, 404, args=lambda world: [world.contact.pk]),
    "contact-update": row(200, 200, 404, 403, 200, 404, args=lambda world: [world.contact.pk]),
    "contact-point-add": row(200, 200, 404, 403, 200, 404, args=lambda world: [world.contact.pk]),
    "contact-point-change": row(200, 200, 404, 403, 200, 404, args=of_point),
    "contact-point-primary": row(302, 302, 404, 403, 302, 404, args=of_point, method="POST"),
    "contact-point-remove": row(302, 302, 404, 403, 302, 404, args=of_point, method="POST"),
    "contact-role-add": row(200, 200, 404, 403, 200, 404, args=lambda world: [world.contact.pk]),
    "contact-role-change": row(200, 200, 404, 403, 200, 404, args=of_affiliation),
    "contact-role-main": row(302, 302, 404, 403, 302, 404, args=of_affiliation, method="POST"),
    "contact-role-remove": row(302, 302, 404, 403, 302, 404, args=of_affiliation, method="POST"),
    "double-list": setup(),
    "field-list": setup(),
    "field-new": setup(),
    "field": setup(200, 404, args=lambda world: [world.field.pk]),
    "field-move": setup(302, 404, args=lambda world: [world.field.pk], method="POST"),
    "field-remove": setup(200, 404, args=lambda world: [world.field.pk]),
    "field-bring-back": setup(302, 404, args=lambda world: [world.field.pk], method="POST"),
    "tag-list": setup(),
    "tag-change": setup(200, 404, args=lambda world: [world.tag.pk]),
    "tag-merge": setup(422, 404, args=lambda world: [world.tag.pk], method="POST"),
    "tag-remove": setup(200, 404, args=lambda world: [world.tag.pk]),
    "search": everybody(),
    "recycle-bin": everybody(),
    "record-suggest": everybody(args=lambda world: ["customer"]),
    "record-share": of_customer(200, 403, 404, 403, 200, 404),
    "record-why": of_customer(200, 200, 404, 200, 200, 404),
    "record-history": of_customer(200, 200, 404, 200, 200, 404),
    "record-restore-value": of_customer(404, 404, 404, 403, 404, 404, method="POST"),
    "record-delete": of_customer(302, 403, 404, 403, 302, 404, method="POST"),
    "record-restore": of_customer(302, 302, 404, 302, 302, 404, method="POST"),
    "help": everybody(),
    "help-page": everybody(args=lambda world: ["users", "many-records"]),
    "help-image": everybody(args=lambda world: ["my-day.png"]),
    "theme": everybody(302, method="POST"),
    "offline": everybody(anonymous=200),
    "service-worker": everybody(anonymous=200),
    "end-session": everybody(404, args=lambda world: [999], method="POST"),
    "healthz": everybody(503, anonymous=503),
}

# The workshop: every table's addresses, one rule for all of them.
ROWS |= {
    "admin:index": setup(),
    "admin:app_list": setup(args=lambda world: ["customers"]),
    "admin:autocomplete": setup(403, 403),
    "admin:login": everybody(302),
    "admin:logout": setup(302, 302),
    "admin:choose": setup(403, 403),
    "admin:leave": setup(403, 403, method="POST"),
    **{name: setup(facts.ada, facts.charlie, args=facts.args, method=facts.method) for name, facts in table_addresses().items()},
}

# Pages of allauth: its own tests hold their rights; ours in tests/users hold how we set it up.
FOREIGN: tuple[str, ...] = (
    "account_change_password",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "usersessions_list",
)
