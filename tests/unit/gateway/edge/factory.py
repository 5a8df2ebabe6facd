"""Made-up facts, keys and tokens for the tests of the edge."""

import time
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from gateway.edge.facts import Facts
from gateway.edge.inbound import Inbound
from gateway.edgefeed.changes import Change, ClientSet, GrantsSet, KeySet, PostSet, Route, RoutesSet, TenantSet
from kernel.access.permission import Grant

ISSUER = "https://platform.example"
AUDIENCE = f"{ISSUER}/api"
TENANT = UUID("01900000-0000-7000-8000-00000000000a")
OTHER_TENANT = UUID("01900000-0000-7000-8000-00000000000b")
USER = UUID("01900000-0000-7000-8000-000000000101")
PERSON = UUID("01900000-0000-7000-8000-000000000102")
POST = UUID("01900000-0000-7000-8000-000000000201")
CLIENT = "portal"
MACHINE = "payroll-desk"
SLUG = "banner"
NOTICES = "/api/v1/recruitment/notices"


@cache
def rsa_key() -> RSAKey:
    """The signing key that the edge knows."""
    return RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)


@cache
def ec_key() -> ECKey:
    """A second key that the edge knows."""
    return ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}, private=True)


def public(key: RSAKey | ECKey) -> dict[str, str]:
    """Its public half, as the stream carries it."""
    return {name: str(value) for name, value in key.as_dict(private=False).items() if isinstance(value, str)}


def route(method: str, path: str, permission: str, **options: Any) -> Route:
    """An operation with the usual limits."""
    declared: dict[str, Any] = {
        "service": "recruitment",
        "audience": "official",
        "body_limit": 1_000_000,
        "deadline": 5.0,
    }
    return Route(method=method, path=path, permission=permission, **(declared | options))


def routes() -> tuple[Route, ...]:
    """Operations of every audience."""
    return (
        route("GET", NOTICES, "recruitment.notice.read", audience="public"),
        route("GET", NOTICES + "/{notice_id}", "recruitment.notice.read", audience="public"),
        route("POST", NOTICES, "recruitment.notice.draft"),
        route("PUT", NOTICES + "/{notice_id}", "recruitment.notice.draft"),
        route("GET", NOTICES + "/overdue", "recruitment.notice.overdue"),
        route("GET", NOTICES + "/{notice_id}/lines", "recruitment.notice.draft"),
        route("GET", "/api/v1/recruitment/me", "recruitment.application.own", audience="person"),
        route("GET", "/api/v1/recruitment/labels", "recruitment.labels", audience="signed-in"),
        route("GET", "/api/v1/recruitment/feeds", "recruitment.feed", audience="client"),
    )


def post(**changed: Any) -> PostSet:
    """A handler in a county's society-work department."""
    held: dict[str, Any] = {
        "id": POST,
        "tenant": TENANT,
        "user": USER,
        "unit_no": 3000,
        "lo": 3000,
        "hi": 5999,
        "department_kind": "society_work",
        "level": "county",
        "duty": "handler",
        "valid_from": date(2020, 1, 1),
    }
    return PostSet(**(held | changed))


def changes(*more: Change) -> list[Change]:
    """All facts of a small platform, then `more`."""
    return [
        KeySet(kid="rsa-1", jwk=public(rsa_key())),
        KeySet(kid="ec-1", jwk=public(ec_key())),
        TenantSet(id=TENANT, slug=SLUG, status="active", business_offset_seconds=86_400.0),
        TenantSet(id=OTHER_TENANT, slug="other", status="active"),
        ClientSet(client_id=CLIENT, tenant=TENANT, origins=("https://portal.example",)),
        ClientSet(client_id=MACHINE, tenant=TENANT, grants=("recruitment.feed", "recruitment.notice.draft")),
        post(),
        GrantsSet(
            tenant=TENANT,
            grants={"recruitment.notice.draft": (Grant(("society_work",), ("county",), ("handler",)),)},
        ),
        RoutesSet(service="recruitment", routes=routes()),
        *more,
    ]


def facts(*more: Change) -> Facts:
    """The same, in force."""
    return Facts(changes(*more))


def claims(now: float | None = None, **changed: Any) -> dict[str, Any]:
    """Claims of a good access token of the official; a claim set to None is left out."""
    at = int(now if now is not None else time.time())
    made: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": at + 300,
        "iat": at,
        "jti": "token-1",
        "sub": str(USER),
        "client_id": CLIENT,
        "tenant": str(TENANT),
        "sid": "family-1",
        "post": str(POST),
    }
    return {name: value for name, value in (made | changed).items() if value is not None}


def token(now: float | None = None, header: dict[str, Any] | None = None, **changed: Any) -> str:
    """A signed access token; `header` members replace those of a good one (None leaves one out)."""
    members = {"alg": "RS256", "typ": "at+jwt", "kid": "rsa-1"} | (header or {})
    used = {name: value for name, value in members.items() if value is not None}
    key = ec_key() if used["alg"] == "ES256" else rsa_key()
    return jwt.encode(used, claims(now, **changed), key, algorithms=["RS256", "ES256"])


def inbound(
    method: str = "GET", path: str = NOTICES, headers: Sequence[tuple[str, str]] = (), bearer: str | None = None
) -> Inbound:
    """A checked request."""
    host = [] if any(name.lower() == "host" for name, _ in headers) else [("Host", "x")]
    fields = [*host, *headers, *([("Authorization", f"Bearer {bearer}")] if bearer else [])]
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields)]
    request = Inbound("192.0.2.7")
    request.take("\r\n".join(lines).encode("latin-1"))
    return request
