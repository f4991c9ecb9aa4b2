"""What a record type is called in addresses and scopes: the plural of its key."""

PREFIX = "/api/v1/"
DOCS = f"{PREFIX}docs"


def plural_of(key: str) -> str:
    """ "customer" → "customers", "opportunity" → "opportunities", "address" → "addresses"."""
    if key.endswith("y") and key[-2:-1] not in {*"aeiou"}:
        return f"{key[:-1]}ies"
    return f"{key}es" if key.endswith(("s", "x", "z", "ch", "sh")) else f"{key}s"
