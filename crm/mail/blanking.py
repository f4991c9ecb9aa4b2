"""What an administrator reads of mails to others: not the links and codes with which one could sign in as them."""

import re

LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
CODE = re.compile(r"(?<![\w-])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9]{3,}(?:-[A-Za-z0-9]{3,})+(?![\w-])|\b\d{5,}\b|\b(?=\w*\d)\w{12,}\b|\b\w{24,}\b")
HIDDEN = "▒▒▒▒▒▒"


def blank(text: str) -> str:
    """The text with every link, and every word that could be a code or a key, made unreadable. Rather one too many."""
    return CODE.sub(HIDDEN, LINK.sub(HIDDEN, text))
