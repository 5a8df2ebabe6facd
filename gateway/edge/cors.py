"""Cross-origin requests, by the origins that clients registered (T8;
https://fetch.spec.whatwg.org/#http-cors-protocol).

No credentials mode: tokens travel in the Authorization field, so no cookie is ever honoured across origins.
The sign-in pages are never opened to other origins.
"""

from uuid import UUID

from gateway.edge.facts import Facts

MAX_AGE_SECONDS = 600
"""Browsers ask again after ten minutes, so a withdrawn origin is soon without effect."""
EXPOSED = b"ETag, Location, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, X-Request-Id, Shegong-Position"
ALLOWED = (
    b"Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, "
    b"Last-Event-ID, Shegong-Position, traceparent, tracestate"
)
OPEN_TO_CLIENTS = (
    *("/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/"),
    *("/openapi.json", "/api/v1/labels"),
)
"""Paths of the gateway that a browser application calls itself; the rest are pages."""

Headers = list[tuple[bytes, bytes]]


def allowed(origin: bytes, facts: Facts, *, client_id: str | None, tenant: UUID | None) -> bool:
    """Whether pages of `origin` may read the answer: one of the client's own origins; for a request without a
    client, one that any client of the tenant registered, or any client at all when no tenant is known
    either."""
    name = origin.decode("latin-1")
    if client_id is not None:
        client = facts.clients.get(client_id)
        return client is not None and name in client.origins
    if tenant is None or name not in facts.origins:
        return name in facts.origins
    return any(name in client.origins for client in facts.clients.values() if client.tenant == tenant)


def answer(origin: bytes) -> Headers:
    """Fields of an answer that pages of `origin` may read."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", EXPOSED),
        (b"vary", b"Origin"),
    ]


def preflight(origin: bytes, methods: bytes) -> Headers:
    """Fields of the answer to a preflight."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", methods),
        (b"access-control-allow-headers", ALLOWED),
        (b"access-control-max-age", str(MAX_AGE_SECONDS).encode()),
        (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ]
