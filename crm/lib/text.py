"""Placeholder of the lead, replaced by the owner of crm/lib."""


def fold(text: str) -> str:
    return text.casefold()


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def clean(text: str) -> str:
    """Without NUL and other control characters, without space around it."""
    return "".join(c for c in text if c >= " " or c in "\n\t").strip()
