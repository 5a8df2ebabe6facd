"""Pages of other origins: what an application in the browser calls is open to its origin, our pages to none (T8).

Through the edge of a running stack; the origin is the one that the client `page` registered.
"""

import httpx
import pytest

from tests.clients.place import Place
from tests.clients.server import Pages

CALLED = (
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/userinfo",
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)
PAGES = ("/oauth/authorize", "/oauth/sign-in", "/oauth/consent", "/oauth/register", "/oauth/sign-out")
SERVERS = ("/oauth/introspect",)
ALLOWED = "access-control-allow-origin"


@pytest.mark.parametrize("path", [*CALLED, *PAGES, *SERVERS])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_only_what_applications_call_is_open_to_registered_origins(
    place: Place, pages: Pages, path: str, method: str
) -> None:
    ask = {"Access-Control-Request-Method": "POST"} if method == "OPTIONS" else {}
    allowed = set()
    for origin in (pages.origin, "https://evil.example", "null"):
        answer = httpx.request(method, place.issuer + path, headers={"Origin": origin, **ask}, trust_env=False)
        assert "access-control-allow-credentials" not in answer.headers
        # A preflight counts when it succeeds (Fetch §4.8).
        if answer.headers.get(ALLOWED) == origin and (method != "OPTIONS" or answer.is_success):
            allowed.add(origin)
    assert allowed == ({pages.origin} if path in CALLED else set())
