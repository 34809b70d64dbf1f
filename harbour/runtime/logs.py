"""Log lines: JSON, or pretty on a terminal. Never message text, addresses or codes; never local variables."""

import logging
import sys
from typing import Any

import structlog

_LEVELS = logging.getLevelNamesMapping()


def _error_only_by_name(_: Any, __: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
    """An exception is named by its type and place. Its text may quote what people wrote, so it stays out."""
    info = line.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["at"] = places(error)
    return line


def places(error: BaseException, depth: int = 4) -> list[str]:
    """Where an error came from: file and line of the innermost calls, without any values."""
    steps, trace = [], error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return steps[-depth:]


class _Plain(logging.Handler):
    """Lines of libraries go through ours, by their template alone: their values may hold what people wrote."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        words = (
            str(record.msg).split("\n")[0] if not record.exc_info and record.name.startswith("uvicorn") else "library"
        )
        if words == "library" and record.levelno < logging.WARNING:
            return
        structlog.get_logger(record.name).log(record.levelno, words.replace("%", ""), error=error)


def start(service: str, level: str = "INFO") -> None:
    """Begin to log for this process, on standard output."""
    renderer: Any = structlog.dev.ConsoleRenderer() if sys.stdout.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _error_only_by_name,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    root = logging.getLogger()
    root.handlers[:] = [_Plain()]
    root.setLevel(logging.INFO)
