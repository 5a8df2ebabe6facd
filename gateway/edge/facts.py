"""What this edge knows: a snapshot from the edge stream, kept up to date by changes (architecture.md,
Gateway).

Requests read it without waiting in between, and changes are applied between requests in the same event loop,
so each request sees one state. Business time is a tenant's: real time plus its offset.
"""

import itertools
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gateway.edge.routes import RouteTable
from gateway.edgefeed import changes as told
from kernel.access.permission import Grant
from kernel.errors import places

REVOKED_SWEEP = 1000
"""Revocations whose tokens have all expired are dropped each time so many have come in."""

log = structlog.get_logger(__name__)
_versions = itertools.count(1)


class Facts:
    """All facts in force at this edge."""

    def __init__(self, changes: Iterable[told.Change] = ()) -> None:
        self.keys: dict[str, RSAKey | ECKey] = {}
        self.revoked_families: dict[str, float] = {}
        self.revoked_tokens: dict[str, float] = {}
        self.tenants: dict[UUID, told.TenantSet] = {}
        self.slugs: dict[str, told.TenantSet] = {}
        self.posts: dict[UUID, told.PostSet] = {}
        self.substitutes: dict[UUID, dict[UUID, told.SubstituteSet]] = {}
        """By post, then by the substitution's id."""
        self.clients: dict[str, told.ClientSet] = {}
        self.origins: dict[str, int] = {}
        """Browser origins and how many clients registered each."""
        self.grants: dict[UUID, dict[str, tuple[Grant, ...]]] = {}
        self.routes = RouteTable()
        self.awaited: set[str] = set()
        """Processes whose operations the gateway does not know yet: of an address that is not among the others nobody
        can say that there is none."""
        self.tokens_version = 0
        """Rises (over all snapshots) whenever a token checked before may be worthless now."""
        self.acting: dict[object, Any] = {}
        """What admission worked out of these facts; forgotten with every change of them."""
        self._declared: dict[str, tuple[told.Route, ...]] = {}
        self._loading = True
        for change in changes:
            self.apply(change)
        self._loading = False
        self._index_routes()
        self.tokens_version = next(_versions)

    def apply(self, change: told.Change) -> None:
        """Put one change in force. Applying it twice is the same as once."""
        self.acting.clear()
        match change:
            case told.KeySet():
                self._set_key(change)
            case told.KeyRemoved(kid=kid):
                self.keys.pop(kid, None)
            case told.FamilyRevoked(sid=sid, until=until):
                _remember(self.revoked_families, sid, until)
            case told.TokenRevoked(jti=jti, until=until):
                _remember(self.revoked_tokens, jti, until)
            case told.TenantSet():
                self._set_tenant(change)
            case told.TenantRemoved(id=tenant):
                self._remove_tenant(tenant)
            case told.PostSet(id=post):
                self.posts[post] = change
            case told.PostRemoved(id=post):
                self.posts.pop(post, None)
                self.substitutes.pop(post, None)
            case told.SubstituteSet(id=substitution, post=post):
                self.substitutes.setdefault(post, {})[substitution] = change
            case told.ClientSet(client_id=client_id):
                self._set_client(client_id, change)
            case told.ClientRemoved(client_id=client_id):
                self._set_client(client_id, None)
            case told.GrantsSet(tenant=tenant, grants=grants):
                self.grants[tenant] = grants
            case told.RoutesSet(service=service, routes=routes, awaited=awaited):
                self._declared[service] = routes
                (self.awaited.add if awaited else self.awaited.discard)(service)
                self._index_routes()
        if isinstance(change, told.KeySet | told.KeyRemoved | told.FamilyRevoked | told.TokenRevoked):
            self.tokens_version = next(_versions)

    def _set_key(self, change: told.KeySet) -> None:
        self.keys.pop(change.kid, None)
        try:
            if change.jwk.get("kty") == "RSA":
                self.keys[change.kid] = RSAKey.import_key(dict(change.jwk))
            elif change.jwk.get("kty") == "EC":
                self.keys[change.kid] = ECKey.import_key(dict(change.jwk))
        except (JoseError, ValueError) as error:
            # Without the key its tokens are refused, which is the safe side; the other facts must come in.
            log.error("signing key not readable", kid=change.kid, places=places(error))

    def _set_tenant(self, change: told.TenantSet) -> None:
        before = self.tenants.get(change.id)
        if before is not None and self.slugs.get(before.slug) is before:
            del self.slugs[before.slug]
        self.tenants[change.id] = change
        self.slugs[change.slug] = change

    def _remove_tenant(self, tenant: UUID) -> None:
        gone = self.tenants.pop(tenant, None)
        if gone is not None and self.slugs.get(gone.slug) is gone:
            del self.slugs[gone.slug]
        self.posts = {id_: post for id_, post in self.posts.items() if post.tenant != tenant}
        self.substitutes = {post: known for post, known in self.substitutes.items() if post in self.posts}
        for client_id in [c.client_id for c in self.clients.values() if c.tenant == tenant]:
            self._set_client(client_id, None)
        self.grants.pop(tenant, None)

    def _set_client(self, client_id: str, change: told.ClientSet | None) -> None:
        before = self.clients.pop(client_id, None)
        for origin in before.origins if before else ():
            self.origins[origin] -= 1
            if not self.origins[origin]:
                del self.origins[origin]
        if change is not None:
            self.clients[client_id] = change
            for origin in change.origins:
                self.origins[origin] = self.origins.get(origin, 0) + 1

    def _index_routes(self) -> None:
        if not self._loading:
            self.routes = RouteTable(route for routes in self._declared.values() for route in routes)


def _remember(revoked: dict[str, float], name: str, until: float) -> None:
    if len(revoked) % REVOKED_SWEEP == REVOKED_SWEEP - 1:
        now = time.time()
        for dead in [known for known, end in revoked.items() if end < now]:
            del revoked[dead]
    revoked[name] = max(until, revoked.get(name, 0.0))
