"""Which fields a person may read here, also across a reference: "customer.name" needs both the reference and the name."""

from crm.fields.fields import Field
from crm.fields.record_types import record_types
from crm.users.models import FieldLevel, User

ORDER = (FieldLevel.HIDDEN, FieldLevel.MASKED, FieldLevel.READ, FieldLevel.EDIT)


def level_of(field: Field, user: User) -> FieldLevel:
    """What the person may do with the field: across a reference, the least that the reference and the field beyond it allow."""
    level = field.level_for(user)
    if not field.is_beyond or user.role is None:
        return level
    reference, name = field.key.split(".", 1)
    levels = [level, user.role.level(field.record_type, reference)]
    beyond = record_types.get(field.column.model._meta.model_name or "") if field.column is not None else None
    if beyond is not None:
        levels.append(user.role.level(beyond.key, name))
    return min(levels, key=ORDER.index)


def is_readable(field: Field, user: User) -> bool:
    """Whether the person may see the value, and so filter, sort and group by it."""
    return level_of(field, user) in {FieldLevel.READ, FieldLevel.EDIT}
