"""A platform of some size for the edge to decide by: tenants, officials, operations; and a good token."""

import time
from collections.abc import Mapping
from datetime import date
from functools import cache
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import RSAKey

from gateway.edgefeed.changes import (
    Change,
    ClientSet,
    GrantsSet,
    KeySet,
    PostSet,
    Route,
    RoutesSet,
    TenantSet,
)
from kernel.access.permission import Grant

ISSUER = "https://platform.example"
SERVICES = ("recruitment", "roster", "assessment", "training")
TENANTS, POSTS, RESOURCES = 20, 200, 40
"""Tenants, officials of each, and resources of each service with five operations: about the size of the real one."""
READ = "/api/v1/roster/resource-7/01900000-0000-7000-8000-000000000301"
"""The path that is measured."""
CHECKER_KEY, CHECKER_PORT = "BENCH_PUBLIC_KEY", "BENCH_CHECKER_PORT"
"""Variables by which the checker learns the key and its port."""
CHECKS_ALL = "BENCH_ALL_CHECKS"
"""Set for the checker that does all that the edge does."""
UNREACHED = 1e9
"""A rate that no load generator reaches."""
TOKEN_SECONDS = 6 * 3600


@cache
def key() -> RSAKey:
    """The signing key."""
    return RSAKey.generate_key(2048, {"kid": "bench", "use": "sig"}, private=True)


def public_key() -> dict[str, str]:
    """Its public half, as a JWK."""
    return {name: str(value) for name, value in key().as_dict(private=False).items()}


def changes(public: Mapping[str, str] | None = None) -> list[Change]:
    """All facts; with another process's public key where one is given."""
    public = public or public_key()
    made: list[Change] = [KeySet(kid="bench", jwk=dict(public))]
    for number in range(TENANTS):
        tenant = UUID(int=1 << 100 | number)
        made.append(TenantSet(id=tenant, slug=f"tenant-{number}", status="active"))
        made.append(ClientSet(client_id=f"portal-{number}", tenant=tenant, origins=(f"https://p{number}.example",)))
        made += [_post(tenant, number * POSTS + place) for place in range(POSTS)]
        made.append(GrantsSet(tenant=tenant, grants=_grants()))
    made += [RoutesSet(service=service, routes=_routes(service)) for service in SERVICES]
    return made


def token() -> str:
    """An official's access token."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": f"{ISSUER}/api",
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": str(UUID(int=3 << 100)),
        "sub": str(_user(3)),
        "client_id": "portal-0",
        "tenant": str(UUID(int=1 << 100)),
        "sid": str(UUID(int=4 << 100)),
        "post": str(UUID(int=2 << 100 | 3)),
    }
    return jwt.encode({"alg": "RS256", "typ": "at+jwt", "kid": "bench"}, said, key(), algorithms=["RS256"])


def _user(number: int) -> UUID:
    return UUID(int=5 << 100 | number)


def _post(tenant: UUID, number: int) -> PostSet:
    return PostSet(
        id=UUID(int=2 << 100 | number),
        tenant=tenant,
        user=_user(number),
        unit_no=3000,
        lo=3000,
        hi=5999,
        department_kind="society_work",
        level="county",
        duty="handler",
        valid_from=date(2020, 1, 1),
    )


def _grants() -> dict[str, tuple[Grant, ...]]:
    held = (Grant(("organization",), ("league",), ("approver",)), Grant(("society_work",), ("county",), ("handler",)))
    return {f"{service}.resource-{n}.read": held for service in SERVICES for n in range(RESOURCES)}


def _routes(service: str) -> tuple[Route, ...]:
    made = []
    for n in range(RESOURCES):
        path, name = f"/api/v1/{service}/resource-{n}", f"{service}.resource-{n}"
        for method, where, permission in (
            ("GET", path, f"{name}.read"),
            ("POST", path, f"{name}.write"),
            ("GET", path + "/{id}", f"{name}.read"),
            ("PUT", path + "/{id}", f"{name}.write"),
            ("POST", path + "/{id}/decisions", f"{name}.decide"),
        ):
            made.append(
                Route(
                    service=service,
                    method=method,
                    path=where,
                    permission=permission,
                    audience="official",
                    body_limit=1_000_000,
                    deadline=10.0,
                )
            )
    return tuple(made)
