"""Placeholder of the lead, replaced by the owner of crm/lib."""


def fold(text: str) -> str:
    return text.casefold()


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
