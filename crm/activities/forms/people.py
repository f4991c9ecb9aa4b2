"""Naming colleagues in a form: typed, suggested, and never somebody of another organization."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from crm.users.models import User

MOST = 50


class ColleagueWidget(forms.TextInput):
    """A text input with suggestions below it, a dozen at a time: its page costs the same with ten colleagues and with a thousand."""

    template_name = "components/reference_input.html"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggest_url"] = reverse_lazy("colleague-suggest")
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class ColleagueField(forms.CharField):
    """Cleans to a person of the organization who may sign in, or None. `user` is set by the form."""

    widget = ColleagueWidget
    longest = 300

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=self.longest, **kwargs)
        self.user: User | None = None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, User) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "").strip()

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return named(text, self.user) if text else None


class ColleaguesField(ColleagueField):
    """Cleans to people, whose names are parted by commas."""

    longest = 5000

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(person) for person in value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _parts(self.prepare_value(initial or [])) != _parts(data or "")

    def clean(self, value: Any) -> Any:
        names = _parts(str(forms.CharField.clean(self, value) or ""))
        if len(names) > MOST:
            raise ValidationError(_("These are %(n)s people. Name at most %(most)s.") % {"n": len(names), "most": MOST})
        return list(dict.fromkeys(named(name, self.user) for name in names))


def named(name: str, user: User | None) -> User:
    """Whoever is called so, by name or e-mail address. Raises ValidationError for nobody or several."""
    people = colleagues_of(user)
    found = list(people.filter(name__iexact=name)[:2]) or list(people.filter(email__iexact=name)[:2])
    if len(found) == 1:
        person: User = found[0]
        return person
    if not found:
        raise ValidationError(_("Nobody here is called “%(name)s”. Choose a colleague from the suggestions.") % {"name": name})
    raise ValidationError(_("Several are called “%(name)s”. Write the e-mail address instead.") % {"name": name})


def colleagues_of(user: User | None) -> Any:
    """The people of the organization who may sign in, by name."""
    if user is None or user.organization_id is None:
        return User.objects.get_queryset().none()
    return User.objects.of_organization(user.organization_id).active().select_related("team", "role").order_by("name", "pk")


def _parts(text: str) -> list[str]:
    return [part for part in (each.strip() for each in text.split(",")) if part]
