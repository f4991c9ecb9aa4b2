"""A form whose second submission does nothing: its hidden token remembers where the first one led."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from crm.views.once import form_token


class OnceForm(forms.Form):
    """Sends `token` along, which `crm.views.once` reads."""

    token = forms.CharField(required=False, max_length=64, initial=form_token, widget=forms.HiddenInput)

    def apply(self, action: Callable[[dict[str, Any]], Any]) -> bool:
        """Whether the action took the values; what it refused becomes the form's errors."""
        if not self.is_valid():
            return False
        try:
            action({key: value for key, value in self.cleaned_data.items() if key != "token"})
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for key, sentences in found.items():
                self.add_error(key if key in self.fields else None, ValidationError(list(sentences)))
        return not self.errors
