"""What a person may import into: the fields of a record type that the role lets this person edit."""

from crm.fields.fields import Field
from crm.fields.kinds import RELATED
from crm.fields.record_types import RecordType
from crm.imports.extras import extra_fields
from crm.imports.recognition import Target
from crm.users.models import User

CREATED_AT = "created_at"


def fields_for(record_type: RecordType, user: User) -> dict[str, Field]:
    """By key, in the order of the record's form. The time of creation is kept of new records only."""
    fields = {
        key: field for key, field in record_type.fields.items() if field.importable and (field.editable_by(user) or key == CREATED_AT)
    }
    return fields | {field.key: field for field in extra_fields(record_type.key) if field.editable_by(user)}


def targets_for(record_type: RecordType, user: User) -> list[Target]:
    """The same for recognition."""
    return [
        Target(record_type.key, field.key, str(field.label), str(field.kind), several=field.key in record_type.further)
        for field in fields_for(record_type, user).values()
    ]


def match_keys_for(record_type: RecordType, user: User) -> list[list[str]]:
    """The keys that records may be recognised by: none with a field whose values the person may not read."""
    return [keys for keys in record_type.match_on if all(_readable(record_type, key, user) for key in keys)]


def _readable(record_type: RecordType, key: str, user: User) -> bool:
    field = record_type.fields.get(key)
    return field is None or field.readable_by(user)


def is_reference(field: Field) -> bool:
    return field.kind in RELATED
