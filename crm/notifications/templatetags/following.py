from typing import Any

from django import template
from django.template import Context

from crm.notifications.actions import follows

register = template.Library()


@register.simple_tag(takes_context=True)
def is_followed(context: Context, record: Any) -> bool:
    """{% is_followed record as yes %}: whether whoever looks follows the record. One statement."""
    return follows(record, context["request"].user)


@register.filter
def record_key(record: Any) -> str:
    """The key of a record's type."""
    return str(record._meta.model_name)
