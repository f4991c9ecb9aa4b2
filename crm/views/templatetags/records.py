"""How record pages write what the log keeps."""

from typing import Any

from django import template
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.records.history import BESIDE
from crm.ui import formats

register = template.Library()


@register.filter
def logged(value: Any, field: Field | None) -> Any:
    """A value of the log in words: names of related records, labels of choices, days and times as people write them."""
    if value in (None, "", []):
        return formats.EMPTY
    if isinstance(value, list):
        return ", ".join(str(logged(item, field)) for item in value)
    if isinstance(value, dict):
        return value.get("name", formats.EMPTY)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is None:
        return value
    return _typed(value, field)


def _typed(value: Any, field: Field) -> Any:
    moment = parse_datetime(str(value)) if field.kind == Kind.TIME else None
    day = parse_date(str(value)) if field.kind == Kind.DATE else None
    if moment or day:
        return formats.exact(moment) if moment else formats.day(day)  # type: ignore[arg-type]  # one of them is there
    return field.label_of(value)


@register.filter
def is_update(verb: str) -> bool:
    """Whether an entry changed values that can be set back."""
    return verb.rpartition(".")[2] not in {"created", "deleted", "restored", *BESIDE}


@register.simple_tag(takes_context=True)
def part(context: template.Context, name: str, facts: dict[str, Any]) -> SafeString:
    """{% part "customers/contacts/panel.html" facts %}: a template that another app furnishes, with its own facts above the page's."""
    engine: Any = context.template and context.template.engine
    with context.push(**facts):
        return SafeString(engine.get_template(name).render(context))
