"""The first values of a column, beside what they are read as: dates, numbers and yes or no can be read in more than one way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import NUMERIC, Kind
from crm.imports.cells import END_OF_DAY, Cell, Reading
from crm.imports.mapping import Column
from crm.imports.options import Options
from crm.records.values import ValueContext
from crm.ui import formats
from crm.users.models import User

DATES = frozenset({Kind.DATE, Kind.TIME})
READ = DATES | NUMERIC | {Kind.YES_NO}
SHOWN = 3
WHOLE_DAY = {time(), END_OF_DAY}


@dataclass(frozen=True)
class Sample:
    """A value of the file and how it is understood, or why it is not."""

    text: str
    read: str = ""
    problem: str = ""


class Samples:
    """Of one import, as its settings and its mapping say now."""

    def __init__(self, options: Options, fields: dict[str, Field], by: User) -> None:
        self._fields = fields
        self._reading = Reading(ValueContext(by.own_organization, options.country), ZoneInfo(by.zone_name), frozenset(fields))

    def of(self, column: Column, values: Sequence[str]) -> tuple[list[Sample], int]:
        """The first ones, wrong ones before others, and how many of the values are wrong."""
        target = self._fields.get(column.target)
        if target is None or target.kind not in READ or column.part not in {"value", "negated"}:
            return [], 0
        cell = Cell(column, target, self._reading, None)
        read = [self._sample(cell, target, text) for text in values]
        wrong = [sample for sample in read if sample.problem]
        return [*wrong[:1], *[sample for sample in read if not sample.problem]][:SHOWN], len(wrong)

    def _sample(self, cell: Cell, target: Field, text: str) -> Sample:
        answer = cell(text)
        if answer.problem or answer.value is None:
            return Sample(text, problem=answer.problem or answer.note) if answer.problem or answer.note else Sample(text, formats.EMPTY)
        return Sample(text, self._word(target, answer.value))

    def _word(self, target: Field, value: Any) -> str:
        if target.kind == Kind.YES_NO:
            return _("Yes") if value else _("No")
        if target.kind in NUMERIC:
            return formats.number(value, 2 if value % 1 else 0)
        if target.kind == Kind.TIME:
            local = value.astimezone(self._reading.zone)
            return formats.day(local.date()) if local.time() in WHOLE_DAY else formats.exact(value)
        return formats.day(value)
