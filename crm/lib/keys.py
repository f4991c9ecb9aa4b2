"""Keys of rows as addresses and forms carry them."""

LARGEST = 2**63 - 1


def key_of(text: str) -> int | None:
    """The key that the text writes in ASCII digits; None for anything else, and for what no row can have."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    return number if 0 < (number := int(text)) <= LARGEST else None
