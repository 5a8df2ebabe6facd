"""Fields that every answer gets, and answers that the edge gives itself (T8, OWASP API8)."""

from gateway.edge import problems
from gateway.edge.client import Client
from gateway.edge.headers import lines
from kernel.context import Language
from kernel.errors import Problem

Headers = list[tuple[bytes, bytes]]

ONE_YEAR = 31_536_000
_ALWAYS: Headers = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
FOR_DATA: Headers = [
    *_ALWAYS,
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
"""Where a service says nothing else: data is neither cached nor run nor framed."""
FOR_PAGES: Headers = [*_ALWAYS, (b"content-security-policy", b"frame-ancestors 'none'")]
"""Pages of the gateway bring a policy of their own; without one they at least cannot be framed."""


def secured(defaults: Headers, *, https: bool) -> dict[bytes, bytes]:
    """The lines of `defaults` by name, with transport security where the platform is reached by https."""
    strict = [(b"strict-transport-security", f"max-age={ONE_YEAR}; includeSubDomains".encode())] if https else []
    return {field[0]: lines([field]) for field in [*defaults, *strict]}


def send_problem(
    client: Client, problem: Problem, language: Language, request_id: str, extra: bytes, *, head_only: bool
) -> None:
    """Answer with a problem document."""
    headers, body = problems.document(problem, language, request_id)
    if head_only:
        headers.append((b"content-length", b"%d" % len(body)))
    client.answer(problem.status, lines(headers) + extra, None if head_only else body)
