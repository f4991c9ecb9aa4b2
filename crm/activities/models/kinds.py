"""The five kinds of activity, each a proxy and a record type of its own."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db.models import Manager
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.choices import Kind
from crm.activities.models.activities import Activity, ActivityQuerySet


class TaskQuerySet(ActivityQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def due_before(self, moment: datetime) -> Self:
        """Open tasks that fall due before the moment."""
        return self.open().filter(due_at__lt=moment)

    def overdue(self) -> Self:
        return self.due_before(timezone.now())


def _only(kind: Kind, queryset: type[ActivityQuerySet] = ActivityQuerySet) -> Any:
    """A manager that finds activities of one kind."""
    base: Any = Manager.from_queryset(queryset)

    class OfKind(base):  # type: ignore[misc]  # made by Django from the queryset
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(kind=kind)

    return OfKind()


class Task(Activity):
    """Something to be done: due, with a reminder, perhaps again and again."""

    KIND = Kind.TASK
    objects: ClassVar[Any] = _only(Kind.TASK, TaskQuerySet)

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at < timezone.now()


class Call(Activity):
    """A telephone call: who rang whom, how it ended, how long it took."""

    KIND = Kind.CALL
    objects: ClassVar[Any] = _only(Kind.CALL)

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    @property
    def minutes(self) -> int | None:
        return None if self.duration_seconds is None else max(1, round(self.duration_seconds / 60))


class Meeting(Activity):
    """A meeting from `at` to `end_at`. Who takes part: the contacts that it hangs on, and colleagues (crm.activities.attendees)."""

    KIND = Kind.MEETING
    objects: ClassVar[Any] = _only(Kind.MEETING)

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")


class Note(Activity):
    """Something worth knowing. @names in it tell the people."""

    KIND = Kind.NOTE
    objects: ClassVar[Any] = _only(Kind.NOTE)

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("note")
        verbose_name_plural = _("notes")


class Email(Activity):
    """An e-mail that was sent or received."""

    KIND = Kind.EMAIL
    objects: ClassVar[Any] = _only(Kind.EMAIL)

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")


KINDS: dict[str, type[Activity]] = {model.KIND: model for model in (Task, Call, Meeting, Note, Email)}
