def is_known_header(t: str) -> bool:
    return False
