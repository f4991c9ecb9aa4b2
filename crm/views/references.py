"""Choosing a record by its name in a form: typed, suggested, and never one that the person cannot see."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.record_types import RecordType, record_types
from crm.lib.text import clean
from crm.users.models import User

MARK = " #"


class ReferenceWidget(forms.TextInput):
    """A text input with suggestions below it. Without JavaScript the full name, or the name with "#" and the number, does."""

    template_name = "components/reference_input.html"

    def __init__(self, target: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.target = target

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggest_url"] = reverse("record-suggest", args=[self.target])
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class ReferenceField(forms.CharField):
    """Cleans to the record, or None. `user` is set by the form: without a person no record is found."""

    def __init__(self, *, field: Field, **kwargs: Any) -> None:
        self.model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # references are foreign keys
        super().__init__(widget=ReferenceWidget(str(self.model._meta.model_name)), max_length=300, **kwargs)
        self.user: User | None = None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            record = self._visible().filter(pk=value).first()
            return text_of(record) if record else ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()

    def to_python(self, value: Any) -> Any:
        return clean(super().to_python(value) or "")

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text:
            return None
        number = text.rpartition(MARK)[2]
        if number.isdecimal() and len(number) < 19:
            record = self._visible().filter(pk=int(number)).first()
            if record is not None:
                return record
        found = list(called(record_types.of(self.model), self._visible(), text)[:3])
        if len(found) == 1:
            return found[0]
        label = self.model._meta.verbose_name
        if not found:
            raise ValidationError(
                _("There is no %(label)s called “%(name)s” that you can see. Choose one from the suggestions.")
                % {"label": label, "name": text}
            )
        raise ValidationError(
            _("Several are called “%(name)s”. Choose one from the suggestions, or write it as: %(example)s.")
            % {"name": text, "example": text_of(found[0])}
        )

    def _visible(self) -> Any:
        return self.model.objects.visible_to(self.user) if self.user else self.model.objects.none()


def called(record_type: RecordType, records: Any, name: str) -> Any:
    """The records of that name, whatever its case: by the column that an index serves below row-level security."""
    key = record_type.sort_keys.get(record_type.title)
    return records.filter(**{key: name.lower()} if key else {f"{record_type.title}__iexact": name})


def text_of(record: Any) -> str:
    """How a chosen record stands in the input: its name and number, so that equal names can be told apart."""
    return f"{record}{MARK}{record.pk}"
