"""The vocabulary of the templates. What a list shows hundreds of times is filled from stencils, see crm/ui/stencils.py."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString

from crm.lib import devices
from crm.lib.money import format_money_short
from crm.lib.text import initials as initials_of
from crm.ui import form_context, formats
from crm.ui.icons import require_icon
from crm.ui.moments import Clock
from crm.ui.stencils import Stencil

register = template.Library()

ICON = Stencil("components/icon.html", "name", "classes")
AVATAR = Stencil("components/avatar.html", "initials", "hue", "classes")
WHO = Stencil("components/who.html", "avatar", "name")
BADGE = Stencil("components/badge.html", "label", "classes", "icon")
RING = Stencil("components/ring.html", "value", "label", "level")
TIME = Stencil("components/time.html", "text", "iso", "exact")


@register.simple_tag
@lru_cache(maxsize=2048)
def icon(name: str, classes: str = "") -> SafeString:
    """{% icon "users" %} {% icon "users" "i-lg" %}: a picture without words; the words stand beside it."""
    require_icon(name)
    return ICON(name=name, classes=f" {classes}" if classes else "")


@register.simple_tag
def sprite(name: str) -> str:
    """{% sprite "logo" %}: the address of one picture, for an <svg> of one's own."""
    return f"{static('icons.svg')}#{name}"


@register.simple_tag
@lru_cache(maxsize=8192)
def avatar(name: str, classes: str = "") -> SafeString:
    """{% avatar customer.name "co av-lg" %}: initials on the name's colour. Classes: co (company), av-sm, av-lg."""
    letters = formats.company_initials(name) if "co" in classes.split() else initials_of(name)
    return AVATAR(initials=letters, hue=formats.hue(name), classes=f" {classes}" if classes else "")


@register.simple_tag
@lru_cache(maxsize=8192)
def who(name: str, classes: str = "av-sm") -> SafeString:
    """{% who record.owner.name %}: avatar and name; a dash for nobody."""
    return WHO(avatar=avatar(name, classes), name=name) if name else SafeString(formats.EMPTY)


@register.simple_tag
def badge(label: object, hue: str = "grey", *, dot: bool = False, icon_name: str = "") -> SafeString:
    """{% badge record.get_status_display "green" dot=True %} {% badge "0:18 left" "amber" icon_name="clock" %}"""
    return _badge(str(label), hue, dot, icon_name)


@lru_cache(maxsize=4096)
def _badge(label: str, hue: str, dot: bool, icon_name: str) -> SafeString:
    return BADGE(label=label, classes=f"{hue} dot" if dot else hue, icon=icon(icon_name) if icon_name else "")


@register.simple_tag
def ring(value: int | None, label: str) -> SafeString:
    """{% ring customer.health _("Health") %}: a score of 100; amber below 70, red below 50."""
    if value is None:
        return SafeString(formats.EMPTY)
    return RING(value=str(value), label=str(label), level="low" if value < 50 else "mid" if value < 70 else "")


@register.simple_tag(takes_context=True)
def when(context: Context, value: datetime | date | None) -> SafeString:
    """{% when record.updated_at %}: relative up to seven days, then the date; the exact time on hover."""
    if value is None:
        return SafeString(formats.EMPTY)
    clock = _clock(context.render_context)
    if isinstance(value, datetime):
        return TIME(text=clock.relative(value), iso=value.isoformat(timespec="minutes"), exact=clock.exact(value))
    return TIME(text=clock.relative_day(value), iso=value.isoformat(), exact=clock.day(value))


def _clock(page: Any) -> Clock:
    """One clock for all times of a template."""
    clock: Clock = page.get("clock") or page.setdefault("clock", Clock.current())
    return clock


@register.filter
def initials(name: str) -> str:
    return initials_of(name)


@register.filter
def hue(name: str) -> str:
    return formats.hue(name)


@register.filter
def ago(value: datetime | None) -> str:
    return Clock.current().relative(value) if value else formats.EMPTY


@register.filter
def day(value: date | None) -> str:
    return formats.day(value) if value else formats.EMPTY


@register.filter
def day_short(value: date | None) -> str:
    return Clock.current().short(value) if value else formats.EMPTY


@register.filter
def exact(value: datetime | None) -> str:
    return formats.exact(value) if value else formats.EMPTY


@register.filter
def number(value: int | Decimal | float | None) -> str:
    return formats.number(value) if value is not None else formats.EMPTY


@register.filter
def number_short(value: int | Decimal | float | None) -> str:
    return formats.number_short(value) if value is not None else formats.EMPTY


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """{{ opportunity.amount|money:opportunity.currency }}"""
    return formats.money(Decimal(amount), currency) if amount is not None else formats.EMPTY


@register.filter
def money_short(amount: Decimal | None, currency: str = "") -> str:
    return format_money_short(Decimal(amount), currency) if amount is not None else formats.EMPTY


@register.filter
def filesize(size: int | None) -> str:
    return formats.file_size(size) if size is not None else formats.EMPTY


@register.filter
def device(user_agent: str) -> str:
    """{{ session.user_agent|device }}: Firefox, Linux"""
    return devices.device(user_agent)


@register.filter
def undo_address(tags: str | None) -> str:
    """The address that takes a toast back, from a message's tags."""
    return next((tag.removeprefix("undo:") for tag in (tags or "").split() if tag.startswith("undo:")), "")


@register.filter
def dash(value: Any) -> Any:
    """A dash for nothing; zero stays zero."""
    return formats.EMPTY if value in (None, "") else value


register.inclusion_tag("components/field.html", name="field")(form_context.field_context)
register.inclusion_tag("components/form_fields.html", name="form_fields")(form_context.form_context)
register.simple_tag(form_context.control, name="control")


@register.simple_block_tag
def panel(content: str, title: str, **facts: Any) -> SafeString:
    """{% panel _("Contacts") count=9 action_url=url action_label=_("Add contact") %}…{% endpanel %}: see components/panel.html."""
    return render_to_string("components/panel.html", {"content": content, "title": title, **facts})


@register.simple_block_tag
def dialog(content: str, dialog_id: str, title: str, **facts: Any) -> SafeString:
    """{% dialog "new-task" _("New task") %}…{% enddialog %}: closed until something with data-open="new-task" is pressed."""
    return render_to_string("components/dialog.html", {"content": content, "dialog_id": dialog_id, "title": title, **facts})


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "search", **facts: Any) -> SafeString:
    """{% empty _("No customers yet") "users" text=_("…") %}<a class="btn btn-primary">…</a>{% endempty %}"""
    return render_to_string("components/empty.html", {"content": content, "title": title, "icon": icon_name, **facts})


@register.simple_block_tag
def notice(content: str, hue: str = "blue", icon_name: str = "info-circle") -> SafeString:
    """{% notice "amber" "alert-triangle" %}3 unsaved changes.{% endnotice %}"""
    return render_to_string("components/notice.html", {"content": content, "hue": hue, "icon": icon_name})


@register.simple_block_tag
def entry(content: str, icon_name: str, **facts: Any) -> SafeString:
    """{% entry "phone" hue="green" at=call.started_at headline=text %}…{% endentry %}: one line of a timeline, content in its box."""
    return render_to_string("components/entry.html", {"content": content, "icon": icon_name, **facts})
