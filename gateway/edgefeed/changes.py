"""The facts an edge decides by, each as one change: the whole new state of one thing, or its removal.

A snapshot is nothing but a list of changes, so an edge has one way to learn. Applying a change twice is
harmless. No personal data is among them: ids, unit numbers, public keys, addresses of applications. (T1, T4,
T5, T6, T8.)
"""

from datetime import date
from uuid import UUID

import msgspec

from kernel.access.permission import Audience, Grant


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as its process declares it in its OpenAPI document.

    `path` is the template under which the process serves it (`/api/v1/recruitment/notices/{notice_id}`),
    `service` the process, `body_limit` bytes, `deadline` seconds until the head of the answer.
    """

    service: str
    method: str
    path: str
    permission: str
    audience: Audience
    body_limit: int
    deadline: float


class KeySet(msgspec.Struct, frozen=True, kw_only=True, tag="key_set"):
    """A public signing key (RFC 7517) by which access tokens may be signed from now on."""

    kid: str
    jwk: dict[str, str]


class KeyRemoved(msgspec.Struct, frozen=True, kw_only=True, tag="key_removed"):
    """Tokens under this key are refused from now on."""

    kid: str


class FamilyRevoked(msgspec.Struct, frozen=True, kw_only=True, tag="family_revoked"):
    """All access tokens of one sign-in (`sid`). `until`: Unix seconds after which none of them lives
    anyway."""

    sid: str
    until: float


class TokenRevoked(msgspec.Struct, frozen=True, kw_only=True, tag="token_revoked"):
    """One access token (`jti`). `until`: Unix seconds, its expiry."""

    jti: str
    until: float


class TenantSet(msgspec.Struct, frozen=True, kw_only=True, tag="tenant_set"):
    """A tenant; only `active` ones are served. The offset is added to real time to get its business time."""

    id: UUID
    slug: str
    status: str
    business_offset_seconds: float = 0.0


class TenantRemoved(msgspec.Struct, frozen=True, kw_only=True, tag="tenant_removed"):
    """The tenant is gone, with its posts, clients and grants."""

    id: UUID


class PostSet(msgspec.Struct, frozen=True, kw_only=True, tag="post_set"):
    """A post: who holds it, in what department, over which units, in which half-open period (T3, T4)."""

    id: UUID
    tenant: UUID
    user: UUID
    unit_no: int
    lo: int
    hi: int
    department_kind: str
    level: str
    duty: str
    valid_from: date
    valid_before: date | None = None


class PostRemoved(msgspec.Struct, frozen=True, kw_only=True, tag="post_removed"):
    """The post is gone."""

    id: UUID


class SubstituteSet(msgspec.Struct, frozen=True, kw_only=True, tag="substitute_set"):
    """Who may act in a post on its holder's behalf (代理), in a half-open period; an empty one ends it (T3)."""

    id: UUID
    tenant: UUID
    post: UUID
    user: UUID
    valid_from: date
    valid_before: date


class ClientSet(msgspec.Struct, frozen=True, kw_only=True, tag="client_set"):
    """An OAuth client, the browser origins it registered, and the permissions it holds for itself."""

    client_id: str
    tenant: UUID
    origins: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()


class ClientRemoved(msgspec.Struct, frozen=True, kw_only=True, tag="client_removed"):
    """The client is gone; its tokens are refused from now on."""

    client_id: str


class GrantsSet(msgspec.Struct, frozen=True, kw_only=True, tag="grants_set"):
    """All grants of one tenant by permission, as its pack in force says; replaces what was there (T5)."""

    tenant: UUID
    grants: dict[str, tuple[Grant, ...]]


class RoutesSet(msgspec.Struct, frozen=True, kw_only=True, tag="routes_set"):
    """All operations of one process; replaces what was there."""

    service: str
    routes: tuple[Route, ...] = ()
    awaited: bool = False
    """They are not known yet: since the gateway started the process has not told them."""


Change = (
    KeySet
    | KeyRemoved
    | FamilyRevoked
    | TokenRevoked
    | TenantSet
    | TenantRemoved
    | PostSet
    | PostRemoved
    | SubstituteSet
    | ClientSet
    | ClientRemoved
    | GrantsSet
    | RoutesSet
)
