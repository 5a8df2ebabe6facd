"""Fields that every answer gets, and answers that the edge gives itself (T8, OWASP API8)."""

from gateway.edge import problems
from gateway.edge.client import Client
from gateway.edge.rate import Verdict
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


def secured(defaults: Headers, *, https: bool) -> Headers:
    """`defaults`, with transport security where the platform is reached by https."""
    if not https:
        return defaults
    return [*defaults, (b"strict-transport-security", f"max-age={ONE_YEAR}; includeSubDomains".encode())]


def rate_fields(name: str, policy: bytes, verdict: Verdict) -> Headers:
    """RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""
    state = b'"%b";r=%d;t=%d' % (name.encode(), verdict.remaining, verdict.reset)
    return [(b"ratelimit-policy", policy), (b"ratelimit", state)]


def send_problem(
    client: Client, problem: Problem, language: Language, request_id: str, extra: Headers, *, head_only: bool
) -> None:
    """Answer with a problem document."""
    headers, body = problems.document(problem, language, request_id)
    if head_only:
        headers.append((b"content-length", b"%d" % len(body)))
    client.answer(problem.status, headers + extra, None if head_only else body)
