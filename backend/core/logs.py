"""Structured logs: one JSON object a line, with the request id when there is one."""

import logging
import sys
from typing import Any

import structlog

from backend.core.config import get_settings
from backend.core.db import trace_var


def _add_trace(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    trace = trace_var.get()
    if trace.request_id:
        event.setdefault("request_id", trace.request_id)
    return event


def configure_logs() -> None:
    """Library logs take the same form on stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(get_settings().log_level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(get_settings().log_level)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if root.level > logging.DEBUG:  # every sweep that finds nothing would be two lines, ten megabytes a day
        logging.getLogger("arq").setLevel(logging.WARNING)
