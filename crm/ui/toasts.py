"""Tell what has happened, with a way back. A toast is past tense and short; errors that need a decision are no toasts."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise


def toast(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Show `text` on the next full page. `undo` is an address that takes a POST and brings back what was."""
    messages.success(request, str(text), extra_tags=f"undo:{undo}" if undo else "")


def toast_now(response: HttpResponseBase, text: str | Promise, *, undo: str = "") -> None:
    """Show `text` as soon as this htmx answer arrives. `undo` as in `toast`."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "undo": undo}
    response.headers["HX-Trigger"] = json.dumps(events)
