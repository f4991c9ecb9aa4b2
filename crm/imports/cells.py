"""One cell: text in, the column's value out, or the sentence that says what is wrong. Answers to repeated texts are remembered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.imports.mapping import Column, taken_choices
from crm.imports.quick import quick_reader
from crm.imports.recognition import DateFormat, NumberFormat, parse_consent, parse_yes_no, split_emails, split_phones
from crm.lib.text import digits
from crm.records.actions.bulk_checks import ColumnCheck
from crm.records.values import ValueContext, clean_value, split_choices

REMEMBERED = 5_000
END_OF_DAY = time(23, 59)
WITHOUT_YEAR = re.compile(r"--\d{1,2}-?\d{1,2}|\d{1,2}[/.-]\d{1,2}\.?")


class Answer(NamedTuple):
    """`further` are more values of the same cell; `also` are values for other fields, as the currency of an amount."""

    value: Any = None
    problem: str = ""
    note: str = ""
    further: tuple[Any, ...] = ()
    also: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What all cells of an import share."""

    context: ValueContext
    zone: ZoneInfo
    keys: frozenset[str]


class Cell:
    """The reader of one column's cells. `check` is the column's own validation."""

    def __init__(self, column: Column, target: Field, reading: Reading, check: ColumnCheck | None) -> None:
        self.column, self.target = column, target
        self.by_country = target.kind == Kind.PHONE
        self._reading, self._check = reading, check
        self._dates = DateFormat(column.date or "ymd")
        self._numbers = NumberFormat(column.decimal or ".")
        self._read: Callable[[str, ValueContext], Answer] = READERS.get(target.kind, Cell._plain).__get__(self)
        self._quick = quick_reader(target, column)
        self.known: dict[Any, Answer] = {}
        self.plain: dict[str, Any] = {}

    def plainly(self, text: str) -> Any:
        """The value of a text that can be read in one way only, None of any other. `plain` remembers them."""
        value = self._quick(text) if self._quick is not None else None
        if value is not None:
            if len(self.plain) > REMEMBERED:
                self.plain.clear()
            self.plain[text] = value
        return value

    def __call__(self, text: str, country: str = "") -> Answer:
        """`country` (alpha-2) of the row, for telephone numbers."""
        key = (text, country) if self.by_country else text
        answer = self.known.get(key)
        if answer is None:
            if len(self.known) > REMEMBERED:
                self.known.clear()
            answer = self.known[key] = self._ask(text, country)
        return answer

    def _ask(self, text: str, country: str) -> Answer:
        if self._quick is not None and (value := self._quick(text)) is not None:
            return Answer(value)
        context = self._reading.context
        if country and country != context.country:
            context = replace(context, country=country)
        try:
            return self._checked(self._read(text, context))
        except ValidationError as error:
            return Answer(problem=" ".join(error.messages))
        except ValueError as error:
            return Answer(problem=str(error))

    def _checked(self, answer: Answer) -> Answer:
        if self._check is None or answer.value is None:
            return answer
        value, sentences = self._check(answer.value)
        return answer._replace(value=value, problem=" ".join(sentences))

    def _plain(self, text: str, context: ValueContext) -> Answer:
        return Answer(clean_value(self.target, text, context))

    def _number(self, text: str, context: ValueContext) -> Answer:
        return Answer(clean_value(self.target, self._numbers.parse(text), context))

    def _money(self, text: str, context: ValueContext) -> Answer:
        amount, currency = self._numbers.parse_money(text)
        place = getattr(self.target.column, "currency", "")
        also = ((place, currency),) if currency and place in self._reading.keys else ()
        return Answer(clean_value(self.target, amount, context), also=also)

    def _date(self, text: str, context: ValueContext) -> Answer:
        if WITHOUT_YEAR.fullmatch(text.strip()):
            return Answer(note=_("“%(value)s” has no year and was left out.") % {"value": text.strip()})
        return Answer(clean_value(self.target, self._dates.parse(text), context))

    def _time(self, text: str, context: ValueContext) -> Answer:
        moment = self._dates.parse(text)
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, END_OF_DAY if self.target.key.startswith("due") else time())
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._reading.zone)
        return Answer(clean_value(self.target, moment.astimezone(UTC) if moment else None, context))

    def _yes_no(self, text: str, context: ValueContext) -> Answer:
        if self.target.key.startswith("do_not_") and (refused := parse_consent(text)) is not None:
            return Answer(refused)
        answer = parse_yes_no(text)
        return Answer(None if answer is None else answer != (self.column.part == "negated"))

    def _choice(self, text: str, context: ValueContext) -> Answer:
        value = text.strip()
        if value not in self.column.choices:
            key, sure = taken_choices([value], self.target).get(value, ("", True))
            likely = not sure
        else:
            key, likely = self.column.choices[value], value in self.column.suggested
        if not key:
            return Answer(None, note=_("“%(value)s” is none of the choices and was left out.") % {"value": value[:60]})
        label = self.target.label_of(key)
        return Answer(key, note=_("“%(value)s” was read as “%(label)s”.") % {"value": value[:60], "label": label} if likely else "")

    def _choices(self, text: str, context: ValueContext) -> Answer:
        """Those that are known; the others are named."""
        known: list[str] = []
        unknown: list[str] = []
        for part in split_choices(text, self.target):
            key, _sure = taken_choices([part], self.target).get(part, ("", True))
            (known if key else unknown).append(key or part)
        note = _("“%(value)s” is none of the choices and was left out.") % {"value": ", ".join(unknown)[:60]} if unknown else ""
        return Answer(clean_value(self.target, known, context) if known else None, note=note)

    def _email(self, text: str, context: ValueContext) -> Answer:
        if text.lstrip().lower().startswith(("/o=", "ex:/o=")):
            return Answer(note=_("An address inside an Exchange server is no e-mail address, so it was left out."))
        values = [clean_value(self.target, each, context) for each in split_emails(text) or [text]]
        return Answer(values[0], further=tuple(values[1:]))

    def _phone(self, text: str, context: ValueContext) -> Answer:
        values = [self._one_phone(each, context) for each in split_phones(text) or [text]]
        return Answer(values[0], further=tuple(values[1:]))

    def _one_phone(self, text: str, context: ValueContext) -> Any:
        try:
            return clean_value(self.target, text, context)
        except ValidationError:
            # Exports often lose the plus sign of an international number.
            if len(digits(text)) < 10 or text.lstrip().startswith(("+", "0", "(")):
                raise
            return clean_value(self.target, f"+{text.strip()}", context)


READERS: dict[Kind, Any] = {
    Kind.NUMBER: Cell._number,
    Kind.DECIMAL: Cell._number,
    Kind.MONEY: Cell._money,
    Kind.DATE: Cell._date,
    Kind.TIME: Cell._time,
    Kind.YES_NO: Cell._yes_no,
    Kind.CHOICE: Cell._choice,
    Kind.CHOICES: Cell._choices,
    Kind.EMAIL: Cell._email,
    Kind.PHONE: Cell._phone,
}
