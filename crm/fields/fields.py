"""One field of a record type: what it is called, where it is read, what may be done with it, and by whom."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import models

from crm.fields.kinds import Kind, kind_of
from crm.fields.models import CustomField
from crm.users.models import FieldLevel, User


class _Withheld:
    """Stands where a value may not be shown. False, and never equal to a value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return self.name

    def __str__(self) -> str:
        return ""


HIDDEN: Final = _Withheld("HIDDEN")
MASKED: Final = _Withheld("MASKED")
UNEDITABLE = frozenset(
    {"id", "organization", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "deleted_by", "version"}
)


@dataclass(frozen=True)
class Field:
    """A fact about records of one type. `path` is the ORM path below the record; `column` its model field, if it has one.

    A field that the organization added has `custom`, and a column that no table has: it says of which type the values are.
    """

    record_type: str
    key: str
    label: Any
    kind: Kind
    path: str
    help: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    required: bool = False
    editable: bool = True
    sortable: bool = True
    filterable: bool = True
    importable: bool = True
    indexed: bool = False
    sensitive: str = ""
    hues: tuple[tuple[str, str], ...] = ()
    column: "models.Field[Any, Any] | None" = None
    custom: CustomField | None = None

    @property
    def is_beyond(self) -> bool:
        """Whether it is read across a reference: "customer.name"."""
        return self.custom is None and "." in self.key

    def level_for(self, user: User) -> FieldLevel:
        """What the person may do with this field."""
        level = FieldLevel.EDIT if user.role is None else user.role.level(self.record_type, self.key)
        return FieldLevel.READ if level == FieldLevel.EDIT and not self.editable else level

    def readable_by(self, user: User) -> bool:
        """Whether the value may be shown, and so be filtered, sorted, grouped, searched and matched by."""
        return self.level_for(user) in {FieldLevel.READ, FieldLevel.EDIT}

    def editable_by(self, user: User) -> bool:
        return self.level_for(user) == FieldLevel.EDIT

    def value_of(self, record: Any) -> Any:
        """The value, without any access rule: related records, choice keys, Decimal, list of tags."""
        if self.custom is not None:
            return getattr(record, self.key)
        value = record
        for part in self.path.split("__"):
            value = getattr(value, part, None)
            if value is None:
                return None
        return list(value.all()) if isinstance(value, models.Manager) else value

    def read(self, record: Any, user: User) -> Any:
        """The value as the person may see it: itself, HIDDEN or MASKED."""
        level = self.level_for(user)
        if level == FieldLevel.HIDDEN:
            return HIDDEN
        if level == FieldLevel.MASKED:
            return MASKED
        return self.value_of(record)

    def label_of(self, value: Any) -> Any:
        """The words for a choice's key, or for several; other values are given back."""
        if isinstance(value, list) and self.choices:
            return ", ".join(str(self.label_of(one)) for one in value)
        return dict(self.choices).get(value, value) if self.choices else value

    def but(self, **changes: Any) -> "Field":
        """The same field with some facts changed."""
        return replace(self, **changes)


def field_of(model: type[models.Model], path: str, *, record_type: str, indexed: bool = False) -> Field:
    """The field that a model's column is. `path` may cross references with dots: "customer.name"."""
    *references, name = path.split(".")
    owner: Any = model
    for reference in references:
        owner = owner._meta.get_field(reference).remote_field.model
    column = owner._meta.get_field(name)
    return Field(
        record_type=record_type,
        key=path,
        label=column.verbose_name,
        kind=kind_of(column),
        path=path.replace(".", "__"),
        help=column.help_text,
        choices=tuple((value, label) for value, label in column.flatchoices if value not in {None, ""}),
        required=not column.blank and not column.null and not column.has_default(),
        editable=not references and column.editable and name not in UNEDITABLE,
        importable=not references and (column.editable or name == "created_at") and name not in {"version", "deleted_at"},
        sortable=not isinstance(column, models.ManyToManyField | models.TextField),
        indexed=indexed,
        column=column,
    )
