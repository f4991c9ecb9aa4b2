"""The controls of a form without a template for each: a page has dozens, and each of Django's takes three templates."""

from collections.abc import Callable, Iterable
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

Widget = dict[str, Any]
PLACE = "django/forms/widgets/"
INPUTS = ("input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime", "time", "checkbox")


class FormRenderer(TemplatesSetting):
    """Writes the common controls as Django's templates do, apart from line breaks between options, and leaves all others to templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWINGS.get(template_name)
        return SafeString(draw(context["widget"])) if draw else super().render(template_name, context, request)


def _text(value: Any) -> str:
    """As {{ value|stringformat:"s" }} writes it."""
    return conditional_escape(value if isinstance(value, SafeData) else str(value))


def _shown(value: Any) -> str:
    """As {{ value }} writes it."""
    return conditional_escape(localize(value))


def _attributes(widget: Widget) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {_shown(name)}" if value is True else f' {_shown(name)}="{_text(value)}"' for name, value in given)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: Any, options: Iterable[Widget]) -> str:
    written = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{_shown(name)}">{written}\n  </optgroup>' if name else written


def _option(widget: Widget) -> str:
    return f'<option value="{_text(widget["value"])}"{_attributes(widget)}>{_shown(widget["label"])}</option>'


DRAWINGS: dict[str, Callable[[Widget], str]] = {
    **{f"{PLACE}{name}.html": _input for name in INPUTS},
    f"{PLACE}textarea.html": _textarea,
    f"{PLACE}select.html": _select,
}
