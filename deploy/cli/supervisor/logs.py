"""How processes log: one JSON object a line, never a local variable of a traceback, which may be personal data."""

import logging

import structlog


def configure_logs() -> None:
    """Set up structlog and silence what libraries would say about single requests."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    for noisy in ("httpx", "httpcore", "nats", "authlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
