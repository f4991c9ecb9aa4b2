"""The output paths of the leak matrix: each shows one record, or all that a person may see of a type. A new path needs its line here."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.activities.actions.feeds import make_feed
from crm.api.addresses import plural_of
from crm.fields.record_types import RecordType, record_types
from crm.imports import actions as imports
from crm.imports.models import Import
from crm.jobs.run import run_here
from crm.notifications.actions.notify import notify
from crm.notifications.models import Notification
from crm.notifications.wording import worded
from crm.query.actions import Arrangement, create_view
from crm.query.models import Audience, SavedView
from crm.records.actions import update_record
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.access.rows import ROWS

MARK = "Zanzibar"
Ask = Callable[[Client, Any, User], str]


@dataclass(frozen=True)
class Path:
    """`of_one`: asked for each record; else once for all. `always`: it must show what the person sees. `names`: the addresses it walks."""

    ask: Ask
    names: tuple[str, ...]
    of_one: bool = True
    always: bool = True
    only: frozenset[str] = field(default_factory=frozenset)

    def addresses(self, record_type: str) -> list[str]:
        app = record_types[record_type].model._meta.app_label
        return [name.format(kind=record_type, kinds=plural_of(record_type), app=app) for name in self.names]

    def exists_for(self, record_type: str) -> bool:
        return (not self.only or record_type in self.only) and all(_exists(name) for name in self.addresses(record_type))


def _exists(name: str) -> bool:
    return name in ROWS


def page(name: str, *args: Any, query: Any = None, **headers: str) -> Callable[[Client], str]:
    def ask(client: Client) -> str:
        answer = client.get(reverse(name, args=args), query or {}, headers=headers)
        return "" if answer.status_code == 302 else answer.content.decode()

    return ask


def own(name: str, *more: Any, query: Any = None, **headers: str) -> Ask:
    """A page below the record's own address, as customer-detail."""
    return lambda client, record, person: page(name.format(kind=record._meta.model_name), record.pk, *more, query=query, **headers)(client)


def shared(name: str, *more: Any, **headers: str) -> Ask:
    """A page that hangs on every record, as record-history."""
    return lambda client, record, person: page(name, record._meta.model_name, record.pk, *more, **headers)(client)


def all_of(name: str, query: Any = None, **headers: str) -> Ask:
    """A page of the record type."""
    return lambda client, record, person: page(name.format(kind=record._meta.model_name), query=query, **headers)(client)


def view_of_everybody(client: Client, record: Any, person: User) -> str:
    """A list through a view that ada keeps for everybody."""
    kind = record._meta.model_name
    view = SavedView.objects.get(record_type=kind, audience=Audience.ALL)
    return page(f"{kind}-list", query={"view": str(view.pk)})(client)


def dry_run(client: Client, record: Any, person: User) -> str:
    """What a dry run takes for known, and its page: a file that names each record by its external key and nothing else."""
    kind = record._meta.model_name
    owners = ("alice", "dora", "mona", "ada")
    file = "External ID,City\n" + "".join(f"Z-{owner},Skagen\n" for owner in owners)
    upload = {"file": SimpleUploadedFile("a.csv", file.encode()), "record_type": kind}
    if client.post(reverse("import-new"), upload).status_code != 302:
        return ""
    with tenant(person.own_organization_id):
        run = Import.objects.filter(person=person).latest("pk")
        run.match = ["external_id"]
        job = run_here(imports.start_check(run, by=person, queue_now=False))
        known = [f"{MARK} {owners[row.number - 2].capitalize()}" for row in run.staged.all() if row.action in {"c", "s"}]
    assert job.error == ""
    rows = [page("api:imports-list_rows", run.pk, query={"show": shown})(client) for shown in ("changed", "same", "refused", "remarks")]
    return " ".join([*known, *rows]) + page("import-detail", run.pk)(client)


def exported(client: Client, record: Any, person: User) -> str:
    """The files of the whole list, in all their forms, and what the page before them says. They hold what the person may export: less
    than the list.
    """
    address = reverse("export-new", args=[record._meta.model_name])
    answers = [client.get(address)]
    for values in ("plain", "exact"):
        answers.append(client.post(address, {"format": "csv", "columns": "every", "values": values, "delimiter": ","}))
    asked = json.dumps({"record_type": record._meta.model_name, "every": True})
    made = client.post(reverse("api:exports-create"), asked, content_type="application/json")
    if made.status_code == 201:
        answers.append(client.get(reverse("api:exports-fetch", args=[made.json()["id"]])))
    return " ".join(b"".join(answer).decode() for answer in answers if answer.status_code == 200)


def changed_at_once(client: Client, record: Any, person: User) -> str:
    """What the page before a change of many says of the list and of ticked records, and what the page after it names."""
    kind = record._meta.model_name
    address = reverse("bulk-new", args=[kind, "share"])
    holder = User.objects.of_organization(person.own_organization_id).active().exclude(pk=person.pk).first()
    said = [client.get(address, {"every_match": "1"}), client.get(address, {"pk": record.pk})]
    for query in (f"?pk={record.pk}", "?every_match=1"):
        form = {"holder": f"person-{holder.pk if holder else 0}", "right": "view"}
        said.append(client.post(address + query, form, follow=True))
    said += changed_by_program(client, kind, {"person": holder.pk if holder else 0, "preview": True}, record.pk)
    return " ".join(answer.content.decode() for answer in said)


def changed_by_program(client: Client, kind: str, wish: dict[str, Any], pk: int) -> list[Any]:
    """What the API says before a change of many, and of it afterwards."""
    address, said = reverse(f"api:{plural_of(kind)}-bulk_share"), []
    for which in ({"ids": [pk]}, {"every_match": True}):
        said.append(client.post(address, json.dumps(wish | which), content_type="application/json"))
        if said[-1].status_code == 201:
            own = [said[-1].json()["id"]]
            said += [client.get(reverse(name, args=own)) for name in ("api:bulk-retrieve", "api:bulk-list_refused")]
    return [*said, client.get(reverse("api:bulk-list_changes"))]


def subscribed(client: Client, record: Any, person: User) -> str:
    """What a calendar program reads at the person's secret address."""
    with tenant(person.own_organization_id):
        _feed, key = make_feed(person, with_tasks=True)
    return str(Client().get(reverse("calendar", args=[key])).content.decode())


def mail_of(client: Client, record: Any, person: User) -> str:
    """The words of a notification, as they go out by e-mail."""
    shown = worded(Notification.objects.filter(person=person, record_id=record.pk, record_type=record._meta.model_name), person)
    return " ".join(f"{one.text} {one.detail}" for one in shown)


def restored(client: Client, record: Any, person: User) -> str:
    """The message after following, which names the record."""
    answer = client.post(reverse("record-follow", args=[record._meta.model_name, record.pk]), follow=True)
    return answer.content.decode()


def workshop(name: str, *, one: bool = False, query: Any = None) -> Ask:
    """A page of the workshop about the record, or about all of its type."""

    def ask(client: Client, record: Any, person: User) -> str:
        meta = record._meta
        return page(f"admin:{meta.app_label}_{meta.model_name}_{name}", *[record.pk] * one, query=query)(client)

    return ask


def by_api(verb: str, query: Any = None) -> Ask:
    """What the person's token gets of the API: the list, or the record."""

    def ask(client: Client, record: Any, person: User) -> str:
        args = [record.pk] if verb == "retrieve" else []
        answer = client.get(reverse(f"api:{plural_of(record._meta.model_name)}-{verb}", args=args), query or {})
        return str(answer.content.decode())

    return ask


BULK = (
    "bulk-new",
    "bulk-detail",
    "bulk-list",
    "api:{kinds}-bulk_share",
    "api:bulk-retrieve",
    "api:bulk-list_refused",
    "api:bulk-list_changes",
)
IMPORTS = ("import-new", "import-detail", "import-list", "import-columns")
TITLES = {"customer": "name", "contact": "last_name"}
PALETTE = {"HX-Request": "true", "HX-Target": "pal-found"}
WITH_KEYS = frozenset({"customer", "contact"})
PATHS: dict[str, Path] = {
    "list": Path(all_of("{kind}-list"), ("{kind}-list",), of_one=False),
    "list search": Path(all_of("{kind}-list", {"q": MARK}), ("{kind}-list",), of_one=False),
    "list, sorted": Path(all_of("{kind}-list", {"sort": "created_at"}), ("{kind}-list",), of_one=False),
    "list, newest last": Path(all_of("{kind}-list", {"sort": "updated_at"}), ("{kind}-list",), of_one=False),
    "list, loaded": Path(all_of("{kind}-list", **{"HX-Request": "true"}), ("{kind}-list",), of_one=False),
    "saved view": Path(view_of_everybody, ("{kind}-list",), of_one=False),
    "search": Path(all_of("search", {"q": MARK}), ("search",), of_one=False),
    "misspelt search": Path(all_of("search", {"q": "zanzbiar"}), ("search",), of_one=False),
    "palette": Path(all_of("search", {"q": MARK}, **PALETTE), ("search",), of_one=False),
    "suggestions": Path(
        lambda client, record, person: page("record-suggest", record._meta.model_name, query={"q": MARK})(client),
        ("record-suggest",),
        of_one=False,
    ),
    "recycle bin": Path(
        lambda client, record, person: page("recycle-bin", query={"type": record._meta.model_name})(client),
        ("recycle-bin",),
        of_one=False,
        always=False,
    ),
    "doubles": Path(all_of("double-list"), ("double-list",), of_one=False, always=False),
    "my day": Path(all_of("home"), ("home",), of_one=False, always=False),
    "notifications": Path(all_of("notification-list"), ("notification-list",), of_one=False),
    "notification mail": Path(mail_of, ("notification-open",)),
    "dry run": Path(dry_run, (*IMPORTS, "api:imports-list_rows"), of_one=False, always=False, only=WITH_KEYS),
    "export": Path(exported, ("export-new", "export-download", "export-list", "api:exports-fetch"), of_one=False, always=False),
    "change of many": Path(changed_at_once, BULK, of_one=False, always=False),
    "detail": Path(own("{kind}-detail"), ("{kind}-detail",)),
    "edit": Path(own("{kind}-update"), ("{kind}-update",), always=False),
    "new": Path(all_of("{kind}-create"), ("{kind}-create",), of_one=False, always=False),
    "peek": Path(own("{kind}-peek", **{"HX-Request": "true"}), ("{kind}-peek",)),
    "cell": Path(
        lambda client, record, person: page(
            f"{record._meta.model_name}-cell", record.pk, TITLES.get(record._meta.model_name, "subject"), **{"HX-Request": "true"}
        )(client),
        ("{kind}-cell",),
        always=False,
    ),
    "history": Path(shared("record-history"), ("record-history",)),
    "timeline": Path(shared("record-timeline"), ("record-timeline",), always=False),
    "timeline, loaded": Path(shared("record-timeline", **{"HX-Request": "true"}), ("record-timeline",), always=False),
    "board": Path(all_of("opportunity-board"), ("opportunity-board",), of_one=False, only=frozenset({"opportunity"})),
    "board, drawn anew": Path(
        all_of("opportunity-board", {"part": "board"}, **{"HX-Request": "true"}),
        ("opportunity-board",),
        of_one=False,
        only=frozenset({"opportunity"}),
    ),
    "stage": Path(own("opportunity-stage"), ("opportunity-stage",), always=False, only=frozenset({"opportunity"})),
    "calendar": Path(subscribed, ("calendar",), of_one=False, always=False, only=frozenset({"meeting", "task"})),
    "meeting as a file": Path(own("meeting-file"), ("meeting-file",), only=frozenset({"meeting"})),
    "why": Path(shared("record-why"), ("record-why",), always=False),
    "share dialog": Path(shared("record-share"), ("record-share",), always=False),
    "admin": Path(workshop("changelist"), ("admin:{app}_{kind}_changelist",), of_one=False, always=False),
    "admin search": Path(workshop("changelist", query={"q": MARK}), ("admin:{app}_{kind}_changelist",), of_one=False, always=False),
    "admin, new": Path(workshop("add"), ("admin:{app}_{kind}_add",), of_one=False, always=False),
    "admin, one": Path(workshop("change", one=True), ("admin:{app}_{kind}_change",), always=False),
    "admin, history": Path(workshop("history", one=True), ("admin:{app}_{kind}_history",), always=False),
    "admin, deleting": Path(workshop("delete", one=True), ("admin:{app}_{kind}_delete",), always=False),
    "API list": Path(by_api("list"), ("api:{kinds}-list",), of_one=False),
    "API list, sorted": Path(by_api("list", {"sort": "created_at"}), ("api:{kinds}-list",), of_one=False),
    "API list, searched": Path(by_api("list", {"q": MARK}), ("api:{kinds}-list",), of_one=False),
    "API detail": Path(by_api("retrieve"), ("api:{kinds}-retrieve",)),
    "message": Path(restored, ("record-follow",), always=False),
}


def prepared(kind: RecordType, records: dict[str, Any], people: dict[str, User]) -> None:
    """What the paths need beside the records: keys to match by, a view for everybody, and a notification of each record for each person."""
    ada = people["ada"]
    create_view(kind, "All of them", Arrangement(), audience=Audience.ALL, by=ada)
    for owner, record in records.items():
        if kind.key in WITH_KEYS:
            update_record(record, by=people[owner], external_id=f"Z-{owner}")
        for name, person in people.items():
            if name != "charlie":
                notify(person, "changed", record, key=f"test:{kind.key}:{record.pk}", by=ada, data={"fields": ["owner"]})
