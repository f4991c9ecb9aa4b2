"""{% value shown %}: one value of a record as the page shows it."""

from django import template
from django.utils.safestring import SafeString

from crm.ui.drawing import draw
from crm.ui.values import Shown

register = template.Library()


@register.simple_tag
def value(shown: Shown, *, plain: bool = False, narrow: bool = False) -> SafeString:
    """{% value fact.shown %} {% value fact.shown plain=True %} inside a link or button, narrow=True in a narrow column."""
    return draw(shown, plain=plain, narrow=narrow)
