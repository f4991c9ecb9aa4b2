"""How log lines look: fields, as key=value or JSON, with whatever is bound to the request or task at work."""

import logging
from typing import Any

import structlog

_FIELDS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_SHOWN: dict[str, list[Any]] = {
    "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)],
    "plain": [structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False)],
}


def logging_settings(shown: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. `shown`: "json", or "plain" for a line of key=value with the traceback below it."""
    formatter = JsonFormatter if shown == "json" else PlainFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"fields": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "fields"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
    }


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """One JSON object a line, an exception's traceback in `exception`."""

    def __init__(self) -> None:
        super().__init__(foreign_pre_chain=_FIELDS, processors=[self.remove_processors_meta, *_SHOWN["json"]])


class PlainFormatter(structlog.stdlib.ProcessorFormatter):
    """key=value, as people and grep read it."""

    def __init__(self) -> None:
        super().__init__(foreign_pre_chain=_FIELDS, processors=[self.remove_processors_meta, _without_traceback, *_SHOWN["plain"]])

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _without_traceback(logger: Any, name: str, fields: Any) -> Any:
    for key in ("exc_info", "stack_info"):
        fields.pop(key, None)
    return fields
