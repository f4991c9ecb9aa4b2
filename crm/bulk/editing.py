"""Setting the same values on many records: owner, any field, tags to add and to take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.bulk.models import BulkChange
from crm.bulk.rows import Outcome
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.records.actions.bulk_checks import RecordChecks, draft_table, is_constrained
from crm.records.actions.checks import check_fields, check_references, explained
from crm.records.bulk import ChangedRecord, change_of, update_many
from crm.records.stored import Decoder
from crm.users.models import User


class Editing:
    """`values` are {"set": {key: value}, "add": tags, "remove": tags}. Raises FieldNotEditable, ValidationError."""

    verb = "change"

    def __init__(self, change: BulkChange, by: User) -> None:
        self.change, self.by, self.type = change, by, change.type
        self.model: Any = self.type.model
        self.organization = by.own_organization
        self.decoder = Decoder(self.type)
        self.values = self.decoder.whole([change.values.get("set", {})])[0]
        self.tags_key = tags_key(self.type) if {"add", "remove"} & change.values.keys() else ""
        self.add, self.remove = (self._tags(change.values.get(name, [])) for name in ("add", "remove"))
        check_fields(self.model, {*self.values, *([self.tags_key] if self.tags_key else [])}, by)
        check_references(self.model, self.values, by)
        self.checks = RecordChecks(self.model)

    def judge(self, keys: Sequence[int]) -> Outcome:
        """What would become of the records. Nothing is written."""
        outcome = Outcome()
        self._changes(self._records(keys), outcome)
        return outcome

    def do(self, keys: Sequence[int], job_id: int | None) -> Outcome:
        outcome = Outcome()
        self._write(self._changes(self._records(keys, lock=True), outcome), outcome, job_id)
        return outcome

    def undo(self, old: Mapping[int, tuple[int, dict[str, Any]]], job_id: int | None) -> Outcome:
        """Old values come back where the new one is still there; records in which somebody edited one of them since are kept."""
        outcome, changes = Outcome(), []
        records = self._records(list(old), lock=True)
        values = dict(zip(old, self.decoder.whole([row for _version, row in old.values()]), strict=True))
        for record in records:
            before = values[record.pk]
            wanted = before if record.version == old[record.pk][0] else self._untouched(record, before)
            if self.tags_key in old[record.pk][1]:
                wanted |= self._tags_before(record, old[record.pk][1][self.tags_key])
            change = change_of(record, wanted, self.organization) if wanted else None
            if change is None:
                outcome.refused[record.pk] = _("Somebody changed it since, so that stays.")
            else:
                changes.append(change)
        self._write(self._allowed(changes, outcome), outcome, job_id)
        return outcome

    def _records(self, keys: Sequence[int], *, lock: bool = False) -> list[Any]:
        query = self.model._base_manager.filter(organization_id=self.organization.pk, deleted_at=None, pk__in=keys).order_by("pk")
        if lock:
            query = query.select_for_update(of=("self",))
        return list(query.select_related("owner__team", "team").prefetch_related(*([self.tags_key] if self.tags_key else [])))

    def _changes(self, records: list[Any], outcome: Outcome) -> list[ChangedRecord]:
        """Those that the new values change, checked; the others go into the outcome."""
        changes = []
        for record in records:
            change = change_of(record, {**self.values, **self._tags_of(record)}, self.organization)
            if change is None:
                outcome.same.add(record.pk)
            elif errors := self.checks.of(record, {*change.old, *change.derived}):
                outcome.refused[record.pk] = self._in_words(errors)
            else:
                changes.append(change)
        return self._allowed(changes, outcome)

    def _allowed(self, changes: list[ChangedRecord], outcome: Outcome) -> list[ChangedRecord]:
        """Without those that the database would refuse beside what it holds now."""
        if not is_constrained(self.model, {key for change in changes for key in (*change.old, *change.derived)}):
            return changes
        with draft_table(self.model) as drafts:
            drafts.fill((change.record.pk, change.record.pk, change.record) for change in changes)
            for pk, constraint in drafts.violations():
                outcome.refused.setdefault(pk, str(constraint.get_violation_error_message()))
        return [change for change in changes if change.record.pk not in outcome.refused]

    def _write(self, changes: list[ChangedRecord], outcome: Outcome, job_id: int | None) -> None:
        """All in one; where two of them get in each other's way, one by one."""
        try:
            with transaction.atomic():
                update_many(self.model, changes, by=self.by, job_id=job_id)
        except IntegrityError as error:
            if len(changes) == 1:
                outcome.refused[changes[0].record.pk] = " ".join(explained(error, changes[0].record).messages)
                return
            for change in changes:
                self._write([change], outcome, job_id)
            return
        outcome.done |= {change.record.pk: (change.record.version, change.old) for change in changes}

    def _tags(self, pks: Sequence[int]) -> list[Any]:
        if not self.tags_key:
            return []
        tags: Any = self.model._meta.get_field(self.tags_key).remote_field.model
        return list(tags.objects.filter(organization_id=self.organization.pk, pk__in=pks))

    def _tags_of(self, record: Any) -> dict[str, Any]:
        if not self.tags_key:
            return {}
        before = list(getattr(record, self.tags_key).all())
        return {self.tags_key: (before, [tag for tag in dict.fromkeys([*before, *self.add]) if tag not in self.remove])}

    def _tags_before(self, record: Any, before: Sequence[int]) -> dict[str, Any]:
        """What this change added goes, what it took away comes back; what others did with the tags stays."""
        now = list(getattr(record, self.tags_key).all())
        wanted = [tag for tag in now if tag.pk in before or tag not in self.add]
        return {self.tags_key: (now, [*wanted, *(tag for tag in self.remove if tag.pk in before and tag not in wanted)])}

    def _untouched(self, record: Any, before: Mapping[str, Any]) -> dict[str, Any]:
        """Old values of the fields that are as this change left them."""
        kept = {key for key in before if key in self.values and getattr(record, key) == self.values[key]}
        return {key: value for key, value in before.items() if key in kept or (key == "team" and "owner" in kept)}

    def _in_words(self, errors: Mapping[str, Sequence[str]]) -> str:
        said = [f"{capfirst(str(self.type.fields[key].label))}: {' '.join(lines)}" if key in self.type.fields else " ".join(lines)
                for key, lines in errors.items()]  # fmt: skip
        return " ".join(said)


def tags_key(record_type: RecordType) -> str:
    """The field with the tags, "" where there is none."""
    return next((key for key, field in record_type.own_fields.items() if field.kind == Kind.TAGS), "")
