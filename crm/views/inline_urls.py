"""The addresses below each record's own that lists and record pages use: one cell, its undo, a glance."""

from django.urls import URLPattern, path

from crm.views.cells import edit_cell, undo_cell
from crm.views.peek import peek


def inline_urls(record_type: str) -> list[URLPattern]:
    """For a domain's urls.py: `*inline_urls("customer")` in the list of its addresses."""
    known = {"record_type": record_type}
    return [
        path("<int:pk>/cell/<str:field>/", edit_cell, known, name=f"{record_type}-cell"),
        path("<int:pk>/cell/<str:field>/undo/<int:entry>/", undo_cell, known, name=f"{record_type}-cell-undo"),
        path("<int:pk>/peek/", peek, known, name=f"{record_type}-peek"),
    ]
