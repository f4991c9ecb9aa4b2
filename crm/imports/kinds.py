"""The types of record that files can be imported into, in the order of the page."""

IMPORTABLE = ("customer", "contact", "task")
