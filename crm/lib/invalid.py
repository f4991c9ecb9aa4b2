"""The one shape of "this text is not what it should be"."""


class InvalidValue(ValueError):
    """A text that cannot be read. `str()` of it is a translated sentence for the person who wrote it: what is wrong, how to mend it."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
