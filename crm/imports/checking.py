"""The dry run of one batch: rows in, what each of them would do out. Nothing is written but the staging tables."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted, may_create
from crm.fields.kinds import Kind
from crm.imports.candidates import Batch, Candidate
from crm.imports.claims import claim, claim_values, claimed_column
from crm.imports.companions import Companions
from crm.imports.extras import extra_fields, extra_of
from crm.imports.mapping import from_json
from crm.imports.matching import Sight, candidates, draft_columns, match_claim, match_is_unique
from crm.imports.models import Action, Import, ImportClaim, Mode
from crm.imports.options import Options
from crm.imports.points import Points
from crm.imports.readers import Row
from crm.imports.references import References
from crm.imports.row_reader import ReadRow, RowReader
from crm.imports.staging import CELLS, StagedRow
from crm.imports.straight import Preparation
from crm.imports.targets import CREATED_AT, fields_for
from crm.lib.text import fold
from crm.records.actions.bulk_checks import DraftTable, RecordChecks, draft_table
from crm.records.actions.checks import check_owner
from crm.records.bulk import change_of, clone
from crm.records.custom_checks import claims_of, taken_custom, taken_sentence
from crm.records.custom_values import default_column
from crm.records.models import Record
from crm.records.own_ids import OWN_ID
from crm.users.models import User

LONGEST_CELL = 200
MISSING = ("blank", "null")


class Checker:
    """Checks batches of one import as the person who imports."""

    def __init__(self, run: Import, by: User) -> None:
        self.run, self.by, self.type = run, by, run.type
        self.model: Any = self.type.model
        self.organization = by.own_organization
        self.options = Options.of(run.settings)
        self.fields = fields_for(self.type, by)
        self.checks = RecordChecks(self.model)
        # The reader is ahead in a thread: it has checks, and with them remembered answers, of its own.
        mapping = from_json(run.mapping)
        self._places = {column.header: column.column for column in mapping}
        self.reader = RowReader(self.type, mapping, self.fields, self.options, by, RecordChecks(self.model))
        self.references = References(self.fields, by)
        self.companions = Companions(run, by, self.references) if self.options.create_companions else None
        self.points = Points(self.type, self.organization)
        self.extra = extra_of(self.type.key)
        self.extra_keys = {target.key for target in extra_fields(self.type.key)}
        self.owner = (self.references.people.person(run.owner.email) if run.owner else None) or by
        self.preparation = Preparation(run, self.organization, self.owner)
        self._owners: dict[int, str] = {}
        self._no_tag = _(
            "There is no tag “%(name)s” yet, so it was left out. To add it, tick “Add tags that do not exist yet” before the dry run."
        )
        if not by.is_administrator:
            self._no_tag = _("There is no tag “%(name)s” yet, so it was left out. An administrator can add it in Setup.")
        self._may_create = may_create(by, self.model)
        now = timezone.now()
        self._template: Any = self.model(
            organization_id=by.organization_id, created_at=now, updated_at=now, owner=self.owner, team=self.owner.team,
            custom=default_column(self.model),
        )  # fmt: skip

    def read(self, rows: Sequence[Row]) -> Batch:
        """What the rows say, without asking the database."""
        return Batch(rows, [self.reader.read(row.number, row.cells) for row in rows if not row.problem])

    def check(self, batch: Batch) -> list[tuple[StagedRow, Sequence[str]]]:
        """Each row with its cells, in the order of the file."""
        rows, read = batch
        staged: dict[int, StagedRow] = {row.number: self._unreadable(row) for row in rows if row.problem}
        self.references.learn((key, way, text) for row in read for key, way, text, _header in row.wanted)
        found = [self._candidate(row) for row in read]
        extra = draft_columns(self.type, self.run.match)
        with draft_table(self.model, extra) as drafts:
            drafts.fill((c.row.number, None, c.record) for c in found)
            if self.run.match:
                self._match(found, drafts)
            else:
                self._without_match(found)
            self._check(found, drafts)
        for candidate in found:
            staged[candidate.row.number] = self._staged(candidate)
        return [(staged[row.number], row.cells) for row in rows]

    def _unreadable(self, row: Row) -> StagedRow:
        return StagedRow(row.number, Action.REFUSED, remarks=[("", row.problem)], label=" ".join(row.cells[:2]))

    def _candidate(self, row: ReadRow) -> Candidate:
        """The row as a new record; whether it is one is found out afterwards."""
        record = clone(self._template)
        candidate = Candidate(row, record)
        for key, way, text, header in row.wanted:
            self._refer(candidate, key, way, text, header)
        for header, names in row.tags.items():
            self._tag(candidate, header, names)
        if self.extra:
            candidate.extras |= self.extra.prepare(row.values, by=self.by)
        record.fill(row.values)
        record.fill(row.filled)
        for key, value in candidate.references.items():
            if key not in self.extra_keys and self._is_own(key):
                record.put(key, value)
        if "owner" in candidate.references and "team" not in candidate.references:
            record.team = record.owner.team if record.owner else None
        record.derive(self.organization)
        return candidate

    def _is_own(self, key: str) -> bool:
        """Whether it goes into the draft: a parent of the same type is set when all else is checked, so that nobody walks up trees."""
        column: Any = self.fields[key].column
        return column is not None and getattr(column.remote_field, "model", None) is not self.model

    def _refer(self, candidate: Candidate, key: str, way: str, text: str, header: str) -> None:
        found, why = self.references.find(key, way, text)
        if found is not None:
            candidate.references[key] = found
            return
        kind = self.fields[key].kind
        if kind == Kind.REFERENCE and way != "key" and self.references.model_of(key) is self.model:
            candidate.links[key] = [way, text.strip() if way == "id" else " ".join(text.split()).lower(), header, text]
            return
        if (
            kind == Kind.REFERENCE
            and way == "name"
            and self.companions
            and key not in self.extra_keys
            and self.companions.possible(key, text)
        ):
            candidate.companions[key] = text
            return
        if key == "owner":
            why = _("%(why)s The owner is %(owner)s.") % {"why": why, "owner": self.owner}
        candidate.row.notes.append((header, why))

    def _tag(self, candidate: Candidate, header: str, names: list[str]) -> None:
        key = next(key for key, target in self.fields.items() if target.kind == Kind.TAGS)
        known = self.references.tags(key)
        for name in names:
            tag = known.get(fold(name))
            if tag is not None:
                candidate.tags.setdefault(key, []).append(tag)
            elif self.options.create_tags and self.by.is_administrator:
                candidate.extras.setdefault("+tags", []).append(name)
            else:
                candidate.row.notes.append((header, self._no_tag % {"name": name[:60]}))

    def _match(self, found: list[Candidate], drafts: DraftTable) -> None:
        by_number = candidates(drafts, self.type, self.run.match, self.organization.pk)
        by_own = self.run.match == [OWN_ID]
        if by_own:
            by_number = {c.row.number: [c.row.own] for c in found if c.row.own is not None}
        sight = Sight(self.type, self.by, {pk for ids in by_number.values() for pk in ids})
        header = self.reader.headers.get(self.run.match[0], "")
        for candidate in found:
            candidate.existing, why = sight.decide(by_number.get(candidate.row.number, []))
            if not why and by_own and candidate.existing is None and candidate.row.has_own:
                why = _("There is no record with this id here. Empty the cell to add the row as a new one.")
            if why:
                candidate.refuse(header, why)
        self._load({c.existing for c in found if c.existing and not c.refused}, found)
        for candidate in found:
            if candidate.existing is None and not candidate.refused and self.run.mode == Mode.UPDATE:
                candidate.refuse(header, _("There is no record with this key, and new ones are not to be added."))
            elif candidate.existing is not None and self.run.mode == Mode.NEW:
                candidate.refuse(header, _("A record with this key is here already, and existing ones are not to be updated."))

    def _without_match(self, found: list[Candidate]) -> None:
        if self.run.mode == Mode.UPDATE:
            for candidate in found:
                candidate.refuse("", _("No key was chosen by which records are recognised."))

    def _load(self, pks: Iterable[int | None], found: list[Candidate]) -> None:
        """The records as they are, with the values of the file set on them."""
        keys = list(pks)
        if not keys:
            return
        references = [
            key for key, target in self.fields.items() if isinstance(target.column, models.ForeignKey) and key not in self.extra_keys
        ]
        query = self.model._base_manager.filter(organization_id=self.organization.pk, pk__in=keys)
        query = query.select_related(*{*references, "owner__team", "team"}).prefetch_related(
            *[key for key, target in self.fields.items() if target.kind == Kind.TAGS], *self.points.relations
        )
        records = {record.pk: record for record in query}
        for candidate in found:
            if candidate.existing in records and not candidate.refused:
                self._change(candidate, records[candidate.existing])

    def _change(self, candidate: Candidate, record: Record) -> None:
        values: dict[str, Any] = {key: value for key, value in candidate.row.values.items() if key != CREATED_AT}
        values |= {key: value for key, value in candidate.row.filled.items() if not getattr(record, key)}
        values |= {key: value for key, value in candidate.references.items() if key not in self.extra_keys}
        self._keep_refusals(candidate, record, values)
        for key, tags in candidate.tags.items():
            before = list(getattr(record, key).all())
            values[key] = (before, [*before, *[tag for tag in tags if tag not in before]])
        candidate.points = self.points.missing(record, candidate.row.points)
        candidate.record = record
        candidate.change = change_of(record, values, self.organization)

    def _keep_refusals(self, candidate: Candidate, record: Record, values: dict[str, Any]) -> None:
        """Who did not want to be written to or called stays so, unless the import says otherwise explicitly."""
        for key in self.type.consent:
            if values.get(key) is False and getattr(record, key) and not self.options.consent_off:
                del values[key]
                candidate.row.notes.append((self.reader.headers.get(key, ""), _("The refusal on record was kept.")))

    def _check(self, found: list[Candidate], drafts: DraftTable) -> None:
        for candidate in found:
            if not candidate.refused:
                self._check_one(candidate)
        drafts.drop([c.row.number for c in found if c.refused or c.existing])
        changed = [c for c in found if c.change and not c.refused]
        if changed:
            drafts.fill((c.row.number, c.existing, c.record) for c in changed)
        open_ones = {c.row.number: c for c in found if not c.refused}
        for number, constraint in drafts.violations():
            candidate = open_ones[number]
            key = next((f for f in getattr(constraint, "fields", ()) if f != "organization"), "")
            candidate.refuse(self._header(self.model.told_at.get(key, key)), str(constraint.get_violation_error_message()))
        self._refuse_taken({number: candidate for number, candidate in open_ones.items() if not candidate.refused})
        self._leave_out_taken([candidate for candidate in open_ones.values() if not candidate.refused])
        self._claim(open_ones, drafts)

    def _refuse_taken(self, found: dict[int, Candidate]) -> None:
        """Values of added fields that only one record may have: held by a record, or by an earlier row of the file."""
        records = {number: candidate.record for number, candidate in found.items()}
        for number, field in taken_custom(records, None).items():
            found[number].refuse(self._header(field.key), taken_sentence())
        wanted = [(n, field, value) for n, c in found.items() if not c.refused for field, value in claims_of(c.record, None)]
        winners = claim_values(self.run, [(n, f"{field.key}:{value}") for n, field, value in wanted])
        for number, field, value in wanted:
            winner = winners[f"{field.key}:{value}"]
            if winner != number:
                found[number].refuse(self._header(field.key), _("Row %(row)d of the file has the same value already.") % {"row": winner})

    def _leave_out_taken(self, found: list[Candidate]) -> None:
        """Further addresses that another record has already, where each may stand once."""
        held = self.points.holders(key for candidate in found for key in self.points.keys(candidate.further))
        for candidate in found if held else ():
            self._leave_out(
                candidate, {key for key, pks in held.items() if pks - {candidate.existing}}, _("Another record has it already.")
            )

    def _leave_out(self, candidate: Candidate, lost: Collection[tuple[str, str]], why: str) -> None:
        """Further values go; the row stays, and says so."""
        kept = self.points.without(candidate.further, lost)
        for kind, values in candidate.further.items():
            for _label, value in values:
                if value not in {each[1] for each in kept.get(kind, ())}:
                    sentence = _("“%(value)s” was left out. %(why)s") % {"value": value, "why": why}
                    candidate.row.notes.append((self._header(kind), sentence))
        candidate.further = kept

    def _check_one(self, candidate: Candidate) -> None:
        if candidate.existing is None:
            if not self._may_create:
                candidate.refuse("", NotPermitted(self.by, "create", record_type=self.type.key).missing)
            self._check_new_owner(candidate)
        keys = None if candidate.change is None else set(candidate.change.old) | candidate.change.derived
        if candidate.existing is not None and candidate.change is None:
            return
        missing = {str(models.Field.default_error_messages[code]) for code in MISSING}
        for key, sentences in self.checks.of(candidate.record, keys, checked=True).items():
            for sentence in sentences:
                candidate.refuse(self._header(key), self._filled_in(key) if sentence in missing else sentence)

    def _filled_in(self, key: str) -> str:
        label = str(self.fields[key].label) if key in self.fields else key
        return _("There is no %(field)s. Fill it in: every %(noun)s needs one.") % {"field": label, "noun": self.model._meta.verbose_name}

    def _check_new_owner(self, candidate: Candidate) -> None:
        owner = candidate.record.owner
        if owner is None:
            return
        if owner.pk not in self._owners:
            try:
                check_owner(self.model, owner, self.by)
                self._owners[owner.pk] = ""
            except NotPermitted as error:
                self._owners[owner.pk] = error.missing
        if self._owners[owner.pk]:
            candidate.refuse(self._header("owner"), self._owners[owner.pk])

    def _claim(self, open_ones: dict[int, Candidate], drafts: DraftTable) -> None:
        """Of rows that would have the same unique value, only the first one may have it."""
        drafts.drop([number for number, candidate in open_ones.items() if candidate.refused])
        claims = list(drafts.claims())
        if self.run.match and not match_is_unique(self.type, self.run.match):
            claims.append(("match", match_claim(self.type, self.run.match)))
        lost = claim(self.run, claims, drafts)
        for number, (name, winner) in lost.items():
            self._lose(open_ones[number], name, winner)
        if lost:
            ImportClaim.objects.filter(run=self.run, number__in=list(lost)).delete()
        self._claim_further([candidate for candidate in open_ones.values() if not candidate.refused], claims)

    def _claim_further(self, found: list[Candidate], claims: Sequence[tuple[str, str]]) -> None:
        """Further addresses, too, may stand in one row of the file only: the others leave them out."""
        names = {column: place for place, (name, _sql) in enumerate(claims) if (column := claimed_column(self.model, name))}
        wanted = [(c, key) for c in found for key in self.points.keys(c.further) if key[0] in names]
        if not wanted:
            return
        winners = claim_values(self.run, [(c.row.number, f"{names[key[0]]}:{key[1]}") for c, key in wanted])
        for candidate, key in wanted:
            winner = winners[f"{names[key[0]]}:{key[1]}"]
            if winner != candidate.row.number:
                why = _("Row %(row)d of the file has the same value already.") % {"row": winner}
                self._leave_out(candidate, {key}, why)

    def _lose(self, candidate: Candidate, name: str, winner: int) -> None:
        if name == "match":
            header = self._header(self.run.match[0])
        else:
            constraint = next(each for each in self.model._meta.constraints if each.name == name)
            key = next(f for f in constraint.fields if f != "organization")
            header = self._header(self.model.told_at.get(key, key))
        candidate.refuse(header, _("Row %(row)d of the file has the same value already.") % {"row": winner})

    def _header(self, key: str) -> str:
        """The column of the file that a field came from, else the field's name."""
        if key in self.reader.headers:
            return self.reader.headers[key]
        return str(self.fields[key].label) if key in self.fields else ""

    def _staged(self, candidate: Candidate) -> StagedRow:
        row, record = candidate.row, candidate.record
        label = str(record)
        if candidate.refused:
            return StagedRow(row.number, Action.REFUSED, label, values=self._refused_cells(row), remarks=row.problems)
        if candidate.existing is None:
            return self._staged_new(candidate, label)
        change = candidate.change
        old = dict(change.old) if change else {}
        beside = self._beside(candidate, candidate.points)
        if "+tags" in beside:
            key = next(key for key, target in self.fields.items() if target.kind == Kind.TAGS)
            before = list(getattr(record, key).all())
            old.setdefault(key, before)
            beside.setdefault(key, list(change.lists[key]) if change and key in change.lists else before)
        if candidate.companions and self.companions is not None:
            beside |= self._named(candidate, old)
        values = {key: list(change.lists[key]) if key in change.lists else getattr(record, key) for key in change.old} if change else {}
        action = Action.CHANGED if old or beside else Action.SAME
        return StagedRow(
            row.number, action, label, record.pk, record.version, {**values, **beside}, old, candidate.links or None, row.notes
        )

    def _refused_cells(self, row: ReadRow) -> dict[str, Any]:
        """What stands in the file where the row is refused: {CELLS: {column: text}}."""
        columns = {header for header, _sentence in row.problems} & self._places.keys()
        return {CELLS: {header: row.cells[self._places[header]][:LONGEST_CELL] for header in columns}} if columns else {}

    def _staged_new(self, candidate: Candidate, label: str) -> StagedRow:
        row, written = candidate.row, candidate.record.__dict__
        given = row.values | row.filled
        values = {key: written.get(key, value) for key, value in given.items()}  # as the checks left them: a tax number in its usual form
        values |= {**candidate.references, **self._beside(candidate, row.points)}
        if candidate.companions and self.companions is not None:
            values |= self.companions.keys_for(candidate.companions)
        prepared = self.preparation.of(candidate.record, label, values | candidate.links)
        return StagedRow(row.number, Action.NEW, label, values=values, links=candidate.links or None, remarks=row.notes, prepared=prepared)

    def _named(self, candidate: Candidate, old: dict[str, Any]) -> dict[str, Any]:
        """References of an existing record to ones that are about to be made."""
        assert self.companions is not None  # asked before
        keys = self.companions.keys_for(candidate.companions)
        old.update({key: getattr(candidate.record, key) for key in keys})
        return keys

    def _beside(self, candidate: Candidate, points: dict[str, Any]) -> dict[str, Any]:
        """Values that are not columns: tags of a new record, further addresses, extras."""
        beside: dict[str, Any] = {}
        if candidate.existing is None:
            beside |= candidate.tags
        if points:
            beside["+points"] = points
        if candidate.extras and (candidate.existing is None or "+tags" in candidate.extras):
            beside |= candidate.extras
        return beside
