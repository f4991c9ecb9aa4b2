"""The words that activities choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lib import dates


class Kind(models.TextChoices):
    TASK = "task", _("Task")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")
    EMAIL = "email", _("E-mail")


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


class Direction(models.TextChoices):
    OUTGOING = "outgoing", _("Outgoing")
    INCOMING = "incoming", _("Incoming")


class Outcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    VOICEMAIL = "voicemail", _("Left a message")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class Repeat(models.TextChoices):
    """How often a task comes again: the rules of crm.lib.dates.Repeat."""

    DAILY = dates.Repeat.DAILY.value, _("Every day")
    WEEKDAYS = dates.Repeat.WEEKDAYS.value, _("Every weekday")
    WEEKLY = dates.Repeat.WEEKLY.value, _("Every week")
    MONTHLY = dates.Repeat.MONTHLY.value, _("Every month")
    YEARLY = dates.Repeat.YEARLY.value, _("Every year")


ICONS = {Kind.TASK: "checkbox", Kind.CALL: "phone", Kind.MEETING: "calendar", Kind.NOTE: "note", Kind.EMAIL: "mail"}
HUES = {Kind.TASK: "violet", Kind.CALL: "green", Kind.MEETING: "teal", Kind.NOTE: "amber", Kind.EMAIL: "blue"}
