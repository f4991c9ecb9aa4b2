"""The two grids of the role editor, record type × verb and field × role, and what a change in them means to people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.record_types import RecordType, record_types
from crm.users.models import FieldLevel, Reach, Role, Verb

Text = str | Promise
REACHES, LEVELS = list(Reach), list(FieldLevel)
SENSITIVE_HUES = {"sensitive": "red", "personal data": "violet"}


@dataclass(frozen=True)
class Cell:
    """One choice in a grid. `name` is its name in the form, `saved` what holds now, `value` what is chosen."""

    name: str
    label: str
    value: str
    saved: str
    options: list[tuple[str, Text]]
    fixed: bool = False
    current: bool = False

    @property
    def changed(self) -> bool:
        return self.value != self.saved


@dataclass(frozen=True)
class Row:
    label: Text
    badge: str
    hue: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class Difference:
    """One changed cell: whose role, what it is about, from what to what, and whether people gain by it; `name` and `value` in the form."""

    role: Role
    record_type: RecordType
    key: str
    what: str
    old: Text
    new: Text
    gain: bool
    sentence: str
    is_reach: bool = False
    name: str = ""
    value: str = ""


class RoleGrids:
    """The grids with the cells that were chosen but not saved yet. `chosen` is what a form sent: {name of a cell: value}."""

    def __init__(self, role: Role, roles: list[Role], record_type: RecordType, chosen: Mapping[str, str]) -> None:
        self.role, self.roles, self.record_type, self.chosen = role, roles, record_type, chosen

    @cached_property
    def verbs(self) -> list[Text]:
        return [verb.label for verb in Verb]

    @cached_property
    def reach_rows(self) -> list[Row]:
        return [Row(capfirst(str(kind.label_plural)), "", "", [self._reach(kind, verb) for verb in Verb]) for kind in record_types]

    @cached_property
    def level_rows(self) -> list[Row]:
        return [self._level_row(self.record_type, field) for field in self.record_type.fields.values()]

    @cached_property
    def pending(self) -> dict[str, str]:
        """The chosen cells that differ from what is saved. Names and values that no grid has are dropped."""
        return {cell.name: cell.value for cell in self._all_cells() if cell.changed}

    @cached_property
    def carried(self) -> dict[str, str]:
        """Pending cells of record types whose fields are not on the page."""
        shown = {cell.name for row in (*self.reach_rows, *self.level_rows) for cell in row.cells if cell}
        return {name: value for name, value in self.pending.items() if name not in shown}

    def differences(self) -> list[Difference]:
        """Every pending cell as people will notice it."""
        return [replace(self._difference(name, value), name=name, value=value) for name, value in self.pending.items()]

    def grids_of(self, role: Role) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
        """Pending reaches and levels of one role, for change_role."""
        reaches: dict[str, dict[str, str]] = {}
        levels: dict[str, dict[str, str]] = {}
        for name, value in self.pending.items():
            grid, pk, kind, key = name.split(":")
            if int(pk) == role.pk:
                (reaches if grid == "reach" else levels).setdefault(kind, {})[key] = value
        return reaches, levels

    @property
    def role_people(self) -> int:
        """How many active people have the role; `roles` are annotated with it."""
        return int(next(role.people for role in self.roles if role.pk == self.role.pk))  # type: ignore[attr-defined]

    def changed_roles(self) -> list[Role]:
        changed = {int(name.split(":")[1]) for name in self.pending}
        return [role for role in self.roles if role.pk in changed]

    def _all_cells(self) -> Iterable[Cell]:
        yield from (cell for row in self.reach_rows for cell in row.cells if cell)
        for kind in record_types:
            for field in kind.fields.values():
                yield from (self._level(kind, field, role) for role in self.roles)

    def _reach(self, kind: RecordType, verb: Verb) -> Cell | None:
        if verb not in kind.verbs:
            return None
        name, saved = f"reach:{self.role.pk}:{kind.key}:{verb}", str(self.role.reach(kind.key, verb))
        chosen = self.chosen.get(name, saved) if not self.role.is_administrator else saved
        label = _("%(verb)s %(records)s") % {"verb": verb.label, "records": kind.label_plural}
        value = chosen if chosen in Reach.values else saved
        return Cell(name, label, value, saved, [(r.value, r.label) for r in REACHES], fixed=self.role.is_administrator)

    def _level_row(self, kind: RecordType, field: Field) -> Row:
        badge = field.sensitive or ("" if field.editable else _("computed"))
        hue = SENSITIVE_HUES.get(field.sensitive, "grey")
        return Row(capfirst(str(field.label)), badge, hue, [self._level(kind, field, role) for role in self.roles])

    def _level(self, kind: RecordType, field: Field, role: Role) -> Cell:
        """A field that nobody edits can be read at most."""
        levels = LEVELS if field.editable else LEVELS[:-1]
        saved = role.level(kind.key, field.key)
        saved = saved if saved in levels else FieldLevel.READ
        name = f"level:{role.pk}:{kind.key}:{field.key}"
        chosen = self.chosen.get(name, saved)
        value = chosen if chosen in levels else saved
        label = _("%(field)s for %(role)s") % {"field": field.label, "role": role}
        return Cell(name, label, str(value), str(saved), [(level.value, level.label) for level in levels], current=role.pk == self.role.pk)

    def _difference(self, name: str, value: str) -> Difference:
        grid, pk, kind_key, key = name.split(":")
        role, kind = next(role for role in self.roles if role.pk == int(pk)), record_types[kind_key]
        if grid == "reach":
            return _of_reach(role, kind, Verb(key), Reach(value))
        return _of_level(role, kind, kind.fields[key], FieldLevel(value))


def _of_reach(role: Role, kind: RecordType, verb: Verb, new: Reach) -> Difference:
    old = role.reach(kind.key, verb)
    gain = REACHES.index(new) > REACHES.index(old)
    facts = {"verb": verb.label, "records": kind.label_plural, "old": old.label, "new": new.label}
    if new == Reach.NONE:
        sentence = _("lose “%(verb)s” on %(records)s") % facts
    elif old == Reach.NONE:
        sentence = _("gain “%(verb)s” on %(records)s: %(new)s") % facts
    else:
        sentence = (_("“%(verb)s” on more %(records)s: %(new)s") if gain else _("“%(verb)s” on fewer %(records)s: %(new)s")) % facts
    return Difference(role, kind, verb, str(verb.label), old.label, new.label, gain, sentence, is_reach=True)


def _of_level(role: Role, kind: RecordType, field: Field, new: FieldLevel) -> Difference:
    old = role.level(kind.key, field.key)
    gain = LEVELS.index(new) > LEVELS.index(old)
    facts = {"field": capfirst(str(field.label)), "records": kind.label_plural}
    sentences = {
        FieldLevel.HIDDEN: _("no longer see “%(field)s” of %(records)s"),
        FieldLevel.MASKED: _("see only that “%(field)s” of %(records)s is filled in"),
        FieldLevel.READ: _("read “%(field)s” of %(records)s") if gain else _("no longer edit “%(field)s” of %(records)s"),
        FieldLevel.EDIT: _("edit “%(field)s” of %(records)s"),
    }
    return Difference(role, kind, field.key, capfirst(str(field.label)), old.label, new.label, gain, sentences[new] % facts)
