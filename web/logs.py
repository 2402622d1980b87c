"""What the log says: one line an event, facts by name, never what people wrote.

An error is logged by its type and where it happened. Its message may quote a value, so it stays out.
"""

import logging
import sys
import traceback

import structlog


def configure(level: int = logging.INFO) -> None:
    """Write lines for a terminal, JSON for everything else, to standard error."""
    to_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=to_terminal)
            if to_terminal
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s")


def where(error: BaseException) -> list[str]:
    """Return the places that an error passed, the innermost last, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
