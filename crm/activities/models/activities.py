"""What people do with customers: one table for tasks, calls, meetings, notes and e-mails, and who may see its rows."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.access.models import START
from crm.access.principals import Principal, pks_among, principals_of
from crm.access.querysets import COUNT_CAP
from crm.activities import hanging
from crm.activities.choices import Direction, Kind, Outcome, Priority, Repeat
from crm.fields.record_types import record_types
from crm.records.models import Record, RecordQuerySet
from crm.tenancy.models import Organization
from crm.users.models import Reach, User


def midnight(moment: datetime) -> datetime:
    """Midnight UTC of its day in UTC: how a whole day is kept, so that it is the same date wherever it is read."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


WINDOW = 8
"""How many access rows are read for each row of a page: there are five kinds, and some are rarer."""


class ActivityQuerySet(RecordQuerySet["Activity"]):
    """Activities are seen on their own account (owner, team, share) and with each record that they hang on."""

    def visible_to(self, user: User) -> Self:
        """The activities that the person may see, of the kinds that the role sees at all.

        Whoever sees a record sees what hangs on it: "controlled by parent". The access rows hold the principals of both, so where
        the role reaches activities as far as the records below them, one lookup answers. Fails closed without a person, role or kind.
        """
        kinds: dict[Reach, list[str]] = {}
        for kind in self._kinds:
            kinds.setdefault(user.reach(kind, "view"), []).append(kind)
        kinds.pop(Reach.NONE, None)
        if not kinds or user.organization_id is None:
            return self.none()
        condition = Q()
        for reach, keys in kinds.items():
            condition |= self._of_kinds(keys) & self._seen(user, reach, keys[0])
        return self.of_organization(user).filter(condition)

    def looked_up_for(self, user: User) -> Self:
        return self.visible_to(user)

    def owned_by(self, user: User) -> Self:
        """The person's own ones, which every reach includes; none where the role does not see the kind."""
        kinds = [kind for kind in self._kinds if user.reach(kind, "view") != Reach.NONE]
        return self.of_organization(user).filter(self._of_kinds(kinds), owner=user) if kinds else self.none()

    def newest_page(self, user: User, size: int = 50, before: tuple[Any, int] = START, *, ascending: bool = False) -> Self:
        """One page of `visible_to(user)`, by the last change."""
        order = ("updated_at", "pk") if ascending else ("-updated_at", "-pk")
        if not self.model.KIND:
            ids: list[int] | None = self._newest_of_all_kinds(user, size, before, ascending=ascending)
        else:
            ids = self._newest_ids(user, size, before, ascending=ascending)
        if ids is not None:
            return self.of_organization(user).filter(pk__in=ids).order_by(*order)
        return self.visible_to(user).order_by(*order).beyond(before, ascending=ascending)[:size]

    def _newest_ids(self, user: User, size: int, before: tuple[Any, int], *, ascending: bool) -> list[int] | None:
        """The page from the access rows of all kinds, where it has enough of this one. None: ask in another way."""
        kind = self.model.KIND
        if not kind or not self._answered_by_rows(user, kind):
            return None
        window = size * WINDOW
        principals = principals_of(user, kind, "view")
        ids = self._access_model.objects.newest_ids(user.organization_id, principals, window, before, ascending=ascending)
        order = ("updated_at", "pk") if ascending else ("-updated_at", "-pk")
        found = list(self.of_organization(user).filter(pk__in=ids).order_by(*order).values_list("pk", flat=True)[:size])
        return found if len(found) == size or len(ids) < window else None

    def _newest_of_all_kinds(self, user: User, size: int, before: tuple[Any, int], *, ascending: bool) -> list[int]:
        """Each kind has its index, all together have none: the pages of the kinds, merged. A page of each holds all of theirs."""
        pages = [kind.objects.newest_page(user, size, before, ascending=ascending) for kind in self.model.__subclasses__()]
        rows = sorted((row for page in pages for row in page.values_list("updated_at", "pk")), reverse=not ascending)
        return [pk for _at, pk in rows[:size]]

    def visible_count(self, user: User, cap: int = COUNT_CAP) -> int:
        return self.visible_to(user).capped_count(cap)

    def _of_kinds(self, keys: list[str]) -> Q:
        return Q() if self.model.KIND else Q(kind__in=keys)

    def _answered_by_rows(self, user: User, kind: str) -> bool:
        """Whether the access rows alone say it: the role reaches what activities hang on just as far, and neither all nor none."""
        reach = user.reach(kind, "view")
        same = all(user.reach(parent, "view") == reach for parent in hanging.parents())
        return same and reach not in {Reach.ALL, Reach.NONE} and user.organization_id is not None

    def _seen(self, user: User, reach: Reach, kind: str) -> Q:
        if reach == Reach.ALL:
            return Q()
        if self._answered_by_rows(user, kind):
            principals = principals_of(user, kind, "view")
            return Q(Exists(self._access_model.objects.of(user.organization_id, principals).filter(record_id=OuterRef("pk"))))
        condition = Q(self._reached_by_columns(user, "view", kind))
        for parent in hanging.parents():
            if user.reach(parent, "view") != Reach.NONE:
                condition |= Q(Exists(self._links_to_visible(record_types[parent], user)))
        return condition

    def _within_reach(self, user: User, verb: str) -> Q:
        return self._reached_by_columns(user, verb, self._record_type)

    def _reached_by_columns(self, user: User, verb: str, kind: str) -> Q:
        """By owner, team and shares of the activity itself, whatever it hangs on."""
        principals = principals_of(user, kind, verb)
        groups = pks_among(principals, Principal.GROUP)
        shared = {"content_object_id": OuterRef("pk"), "permission__codename": f"{verb}_activity"}
        people, teams = (self._concrete._meta.get_field(name).related_model for name in ("person_shares", "team_shares"))
        return (
            Q(owner_id__in=pks_among(principals, Principal.OWNER))
            | Q(team_id__in=pks_among(principals, Principal.TEAM))
            | Q(Exists(people._base_manager.filter(user_id=user.pk, **shared)))
            | Q(Exists(teams._base_manager.filter(group_id__in=groups, **shared)))
        )

    def _links_to_visible(self, parent: Any, user: User) -> Any:
        links: Any = apps.get_model("activities", "ActivityLink")
        visible = parent.objects().visible_to(user).filter(pk=OuterRef("record_id"))
        return links.objects.filter(
            Exists(visible), organization_id=user.organization_id, activity_id=OuterRef("pk"), record_type=parent.key
        )

    @property
    def _kinds(self) -> list[str]:
        return [self.model.KIND] if self.model.KIND else list(Kind.values)


class Activity(Record):
    """Something done, or to be done. Read through its proxies Task, Call, Meeting, Note, Email: each is a record type of its own.

    `at` is its place on the timeline: of a task when it was done, else when it is due. All times are aware UTC. An `all_day` meeting
    is about days, not moments: from `at` to `end_at`, both midnight UTC of the first and of the last day, whatever clock one reads.
    """

    KIND: ClassVar[str] = ""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    end_at = models.DateTimeField(_("end"), null=True, blank=True)
    all_day = models.BooleanField(_("all day"), default=False, db_default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, default=Priority.NORMAL)
    repeat = models.CharField(_("repeat"), max_length=8, choices=Repeat, blank=True)
    repeat_from = models.DateField(null=True, editable=False)
    repeat_until = models.DateField(_("repeats until"), null=True, blank=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("repeats"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("done by"))
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length"), null=True, blank=True, help_text=_("In seconds"))
    sender = models.CharField(_("from"), max_length=300, blank=True)
    recipients = models.CharField(_("to"), max_length=1000, blank=True)

    derived = ("kind", "at", "end_at")
    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(
                "organization", "kind", F("updated_at").desc(), F("id").desc(), name="activity_newest", condition=Q(deleted_at=None)
            ),
            models.Index("organization", "owner", "kind", "at", name="activity_by_owner", condition=Q(deleted_at=None)),
            models.Index("organization", "owner", "due_at", name="task_of_owner", condition=Q(kind="task", done_at=None, deleted_at=None)),
            models.Index(
                "organization",
                F("due_at").desc(nulls_last=True),
                F("id").desc(),
                name="task_by_due",
                condition=Q(kind="task", deleted_at=None),
            ),
            models.Index("organization", "due_at", "id", name="task_open", condition=Q(kind="task", done_at=None, deleted_at=None)),
            models.Index("organization", F("deleted_at").desc(), name="activity_bin", condition=Q(deleted_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "previous"], condition=Q(deleted_at=None), name="task_repeated_once"),
            models.CheckConstraint(
                condition=Q(end_at=None) | Q(end_at__gte=F("at")),
                name="activity_ends_after_it_began",
                violation_error_message=_("The end is before the start. Swap the times or empty one."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & (Q(done_at=None) | Q(kind=Kind.TASK))
                & (Q(repeat="") | Q(kind=Kind.TASK, due_at__isnull=False))
                & (~Q(subject="") | Q(kind__in=[Kind.NOTE, Kind.CALL])),
                name="activity_fits_its_kind",
                violation_error_message=_("These values do not go together for this kind of activity."),
            ),
        ]

    def __str__(self) -> str:
        if self.subject:
            return self.subject
        moment = timezone.localtime(self.at)
        return gettext("%(kind)s of %(day)s") % {"kind": Kind(self.KIND or self.kind).label, "day": date_format(moment, "j M Y, H:i")}

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **options: Any) -> Self:
        """Rows read as Activity come out as what they are: Task, Call…"""
        instance = super().from_db(db, field_names, values, **options)
        if not cls.KIND:
            found: Any = next((proxy for proxy in cls.__subclasses__() if instance.__dict__.get("kind") == proxy.KIND), cls)
            instance.__class__ = found
        return instance

    @property
    def name(self) -> str:
        return str(self)

    @property
    def edit_url_name(self) -> str:
        return f"{self.kind}-update"

    def derive(self, organization: Organization) -> None:
        self.kind = self.KIND or self.kind
        if self.kind == Kind.TASK:
            self.at = self.done_at or self.due_at or self.created_at
        if self.all_day and isinstance(self.at, datetime):  # an emptied one is refused by its own check, after this
            self.at, self.end_at = midnight(self.at), midnight(max(self.at, self.end_at or self.at))

    def check_consistency(self, keys: set[str] | None) -> None:
        errors: dict[str, Any] = {}
        if not self.subject and self.kind not in {Kind.NOTE, Kind.CALL}:
            errors["subject"] = _("Enter a short description, such as “Send revised quote”.")
        if self.kind == Kind.NOTE and not (self.subject or self.body):
            errors["body"] = _("Write something before you save the note.")
        if self.repeat and self.due_at is None:
            errors["due_at"] = _("A task that repeats needs a day on which it is due.")
        if self.repeat_until and not self.repeat:
            errors["repeat_until"] = _("Say how often the task comes again, or empty its last day.")
        if self.repeat_until and self.due_at and self.repeat_until < timezone.localdate(self.due_at):
            errors["repeat_until"] = _("The last day is before the day on which the task is due.")
        if self.end_at and isinstance(self.at, datetime) and self.end_at < self.at:
            errors["end_at"] = _("The end is before the start. Swap the times or empty one.")
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        """`check_consistency` has said the same, by field and without a statement; the database has the last word."""
