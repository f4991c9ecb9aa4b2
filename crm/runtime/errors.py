class CannotStart(Exception):
    """Something outside stops Tern from starting. The message is one sentence or two for the person at the terminal."""
