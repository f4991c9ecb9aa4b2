"""Placeholder of the lead, replaced by the owner of crm/lib."""


def email_key(text: str) -> str:
    return text.strip().casefold()
