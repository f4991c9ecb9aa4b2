"""Many records into the recycle bin, and out of it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.bulk.models import BulkChange
from crm.bulk.rows import Outcome
from crm.records.bulk import delete_many, restore_many
from crm.users.models import User


class Deleting:
    verb = "delete"

    def __init__(self, change: BulkChange, by: User) -> None:
        self.by = by
        self.model: Any = change.type.model

    def judge(self, keys: Sequence[int]) -> Outcome:
        return Outcome()

    def do(self, keys: Sequence[int], job_id: int | None) -> Outcome:
        delete_many(self.model, keys, by=self.by, job_id=job_id)
        return Outcome(done=dict.fromkeys(keys, (0, {})))

    def undo(self, old: Mapping[int, tuple[int, dict[str, Any]]], job_id: int | None) -> Outcome:
        refused = restore_many(self.model, list(old), by=self.by, job_id=job_id)
        return Outcome(refused=refused, done={pk: row for pk, row in old.items() if pk not in refused})
