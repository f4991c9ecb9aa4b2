"""SQL that writes values as text: choices as their words, days as the organization writes them, formulas made harmless."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Func, Value, When
from django.db.models.functions import Cast, NullIf

Expression = Any
TEXT, YES_NO, DATE = models.TextField(), models.BooleanField(), models.DateField()
DAYS = {"Y-m-d": "YYYY-MM-DD", "d.m.Y": "DD.MM.YYYY", "d/m/Y": "DD/MM/YYYY", "m/d/Y": "MM/DD/YYYY", "j M Y": "FMDD Mon YYYY"}
FORMULA = r"^([=+\-@\t\r\n＝＋－＠])"
RISKY = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula, the wide signs of East Asian keyboards among them."""
SHEETS_BEGIN, COUNTED_FROM = "1899-12-30", "1900-03-01"
"""Day 0 of a sheet's calendar, and the first day that it counts rightly."""


@dataclass(frozen=True)
class Manner:
    """How values are written: for people as the organization reads them, exact as they are stored; in a sheet days are numbers."""

    exact: bool
    sheet: bool
    zone: str
    date_format: str
    currency: str

    @property
    def day(self) -> str:
        return DAYS["Y-m-d"] if self.exact else DAYS.get(self.date_format, DAYS["Y-m-d"])

    @property
    def neutralises(self) -> bool:
        """Cells of a sheet say themselves that they are text."""
        return not self.exact and not self.sheet


def _function(name: str, *arguments: Expression, output: Any = TEXT) -> Expression:
    return Func(*arguments, function=name, output_field=output)


def text(value: Expression, manner: Manner) -> Expression:
    """NULL where there is nothing: an empty cell, where "" would be written with its quotes."""
    return NullIf(harmless(value) if manner.neutralises else value, Value(""), output_field=TEXT)


def harmless(value: Expression) -> Expression:
    """An apostrophe before what a spreadsheet would run."""
    return _function("regexp_replace", value, Value(FORMULA), Value(r"'\1"))


def _harmless(label: str, manner: Manner) -> str:
    """The same for words that are known before."""
    return f"'{label}" if manner.neutralises and label.startswith(RISKY) else label


def number(value: Expression) -> Expression:
    """Without needless zeros behind the decimal mark, which is a point."""
    return Func(value, template="trim_scale((%(expressions)s)::numeric)::text", output_field=TEXT)


def whole(value: Expression) -> Expression:
    return Cast(value, TEXT)


def words(value: Expression, known: Mapping[str, Any], manner: Manner) -> Expression:
    """The words for a key; a key that has none is written itself."""
    if manner.exact or not known:
        return text(value, manner)
    table = json.dumps({key: _harmless(str(label), manner) for key, label in known.items()}, ensure_ascii=False)
    found = Func(Value(table), value, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TEXT)
    return _function("coalesce", found, text(value, manner))


def several(value: Expression, known: Mapping[str, Any], manner: Manner) -> Expression:
    """The words for the keys of a JSON list, with commas between them."""
    table = json.dumps({} if manner.exact else {key: str(label) for key, label in known.items()}, ensure_ascii=False)
    begin = "(SELECT string_agg(coalesce(%(expressions)s, '$[*]') WITH ORDINALITY AS members(one, place))"
    middle = "::jsonb ->> (one #>> '{}'), one #>> '{}'), ', ' ORDER BY place) FROM jsonb_path_query("
    return text(Func(Value(table), value, template=begin, arg_joiner=middle, output_field=TEXT), manner)


def day(value: Expression, manner: Manner) -> Expression:
    """A date; in a sheet its number, days before its calendar as text."""
    date = Cast(value, DATE)
    written = _function("to_char", date, Value(manner.day))
    if manner.exact or not manner.sheet:
        return written
    count = Func(date, template=f"(%(expressions)s - DATE '{SHEETS_BEGIN}')::text", output_field=TEXT)
    counted = Func(date, template=f"(%(expressions)s >= DATE '{COUNTED_FROM}')", output_field=YES_NO)
    return Case(When(counted, then=count), default=written, output_field=TEXT)


def moment(value: Expression, manner: Manner) -> Expression:
    """A time: exact in UTC, else by the clock of whoever exports."""
    if manner.exact:
        return _function("to_char", _at(value, "UTC"), Value('YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    local = _at(value, manner.zone)
    if not manner.sheet:
        return _function("to_char", local, Value(f"{manner.day} HH24:MI"))
    days = f"round(extract(epoch from %(expressions)s - TIMESTAMP '{SHEETS_BEGIN}') / 86400, 9)::text"
    return Func(local, template=days, output_field=TEXT)


def moment_or_day(value: Expression, whole_day: Expression, manner: Manner) -> Expression:
    """A time; the day alone where the record is about whole days, which are kept at midnight of UTC."""
    utc = _at(value, "UTC")
    midnight = Func(utc, template="(%(expressions)s::time = TIME '00:00')", output_field=YES_NO)
    alone = Func(whole_day, midnight, arg_joiner=" AND ", template="(%(expressions)s)", output_field=YES_NO)
    date = Func(utc, template="(%(expressions)s)::date", output_field=DATE)
    return Case(When(alone, then=day(date, manner)), default=moment(value, manner), output_field=TEXT)


def _at(value: Expression, zone: str) -> Expression:
    return Func(Value(zone), value, function="timezone", output_field=models.DateTimeField())
