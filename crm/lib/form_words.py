"""Django's own sentences about a wrong value, in the words of this house: they say how to mend it."""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

CHOOSE = _("This is none of the choices. Choose one from the list.")
SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.ChoiceField: {"invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    forms.ModelChoiceField: {"invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE, "invalid_pk_value": CHOOSE},
    forms.IntegerField: {"invalid": _("Write a whole number, such as 250.")},
    forms.DecimalField: {"invalid": _("Write a number, such as 1234.50.")},
    forms.DateField: {"invalid": _("Write the day as year, month and day, such as 2026-11-30.")},
    forms.TimeField: {"invalid": _("Write the time as hours and minutes, such as 14:30.")},
    forms.DateTimeField: {"invalid": _("Write day and time, such as 2026-11-30 14:30.")},
}


def say_how_to_mend() -> None:
    """Put the sentences in the place of Django's, for every form and model field. Once, when the applications are ready."""
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
    validators.MinValueValidator.message = _("This is too small. Write %(limit_value)s or more.")
    validators.MaxValueValidator.message = _("This is too large. Write %(limit_value)s or less.")
    validators.MaxLengthValidator.message = _("This is %(show_value)d characters long. Shorten it to %(limit_value)d.")
    validators.ProhibitNullCharactersValidator.message = _("A character in it cannot be stored. Delete all of it and write it again.")
    validators.EmailValidator.message = _("This is not an e-mail address. Write it like name@example.com.")
    validators.URLValidator.message = _("This is not a web address. Write it like https://example.com.")
