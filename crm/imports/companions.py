"""Records of another type that rows name and that are not here yet: the company of a contact."""

from typing import Any

from django.db import connection

from crm.access.decisions import may_create
from crm.fields.record_types import record_types
from crm.imports.models import Import, ImportCompanion
from crm.imports.references import References
from crm.records.bulk import NewRecord, insert_many, sequence_of
from crm.users.models import User

NAME_COLUMN = "name"


class Companions:
    """Hands out the future keys of records that will be made beside the rows. Several rows of one name share one."""

    def __init__(self, run: Import, by: User, references: References) -> None:
        self._run, self._by, self._references = run, by, references
        self._keys: dict[tuple[str, str], int] = {}

    def possible(self, key: str, text: str) -> bool:
        """Whether a record of that name may be made: the type has a name, nobody has one of the name, the person may create."""
        model = self._references.model_of(key)
        limit = getattr(model._meta.get_field(NAME_COLUMN), "max_length", 0) if model in {type_.model for type_ in record_types} else 0
        taken = self._references.records(key).get("name", text)
        return not taken and 0 < len(" ".join(text.split())) <= (limit or 0) and may_create(self._by, model)

    def keys_for(self, named: dict[str, str]) -> dict[str, int]:
        """{field: future key of the record}, written down on first use."""
        return {key: self._key(self._references.model_of(key), " ".join(text.split())) for key, text in named.items()}

    def _key(self, model: Any, name: str) -> int:
        record_type = record_types.of(model).key
        place = (record_type, name.lower())
        if place not in self._keys:
            if len(self._keys) > 20_000:
                self._keys.clear()
            self._keys[place] = self._written(model, record_type, name)
        return self._keys[place]

    def _written(self, model: Any, record_type: str, name: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO imports_importcompanion (organization_id, run_id, record_type, key, name, record_id) "  # noqa: S608
                f"VALUES (%(organization)s, %(run)s, %(type)s, %(key)s, %(name)s, nextval({sequence_of(model)})) "
                "ON CONFLICT (run_id, record_type, key) DO UPDATE SET name = imports_importcompanion.name RETURNING record_id",
                {
                    "organization": self._run.organization_id, "run": self._run.pk, "type": record_type,
                    "key": name.lower()[:200], "name": name,
                },
            )  # fmt: skip
            return int(cursor.fetchone()[0])


def make_companions(run: Import, companions: list[ImportCompanion], owner: User, by: User, job_id: int | None) -> None:
    """Make the records that were promised, owned like the new records of the import. What somebody made since stays apart."""
    by_type: dict[str, list[ImportCompanion]] = {}
    for companion in companions:
        by_type.setdefault(companion.record_type, []).append(companion)
    for key, those in by_type.items():
        model: Any = record_types[key].model
        news = []
        for companion in those:
            record = model(pk=companion.record_id, organization_id=run.organization_id, name=companion.name, owner=owner, team=owner.team)
            record.derive(by.organization)
            news.append(NewRecord(record, {"name"}))
        insert_many(model, news, by=by, job_id=job_id)
