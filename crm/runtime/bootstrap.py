"""Makes .venv."""


def inside_environment() -> None: ...
