"""The signed principal: what the edge asserts about the caller, bound to service, method and path (T9).

msgpack under HMAC-SHA256 with a key per service, valid 30 seconds of real time. A service that is called without
one answers 401; no other header about the caller is believed.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from kernel.context import Actor, ActorKind, Context, Language, Scope, TenantId
from kernel.errors import Unauthenticated

HEADER = "Shegong-Principal"
LIFETIME_SECONDS = 30
"""Long enough for a queued upload to be read, short enough that a leaked header is worth little."""
CLOCK_LEEWAY_SECONDS = 5
"""Edge and service may stand on machines whose clocks differ a little."""
_BLOCK = hashlib.sha256().block_size


class Principal(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The caller as the edge saw them. Ids are the 16 bytes of the UUID; instants are Unix seconds."""

    service: str
    method: str
    path: str
    issued_at: float
    tenant: bytes
    lo: int
    hi: int
    kind: ActorKind
    business_time: float
    permission: str
    request_id: str
    user: bytes | None = None
    post: bytes | None = None
    person: bytes | None = None
    unit_no: int | None = None
    department_kind: str | None = None
    level: str | None = None
    duty: str | None = None
    client_id: str | None = None
    client_grants: tuple[str, ...] = ()
    traceparent: str | None = None
    language: Language = "zh"
    address: str | None = None

    def context(self) -> Context:
        """The context in which the request's transaction runs."""
        return Context(
            tenant=TenantId(UUID(bytes=self.tenant)),
            scope=Scope(self.lo, self.hi),
            actor=Actor(
                kind=self.kind,
                user=_uuid(self.user),
                post=_uuid(self.post),
                person=_uuid(self.person),
                unit_no=self.unit_no,
                department_kind=self.department_kind,
                level=self.level,
                duty=self.duty,
                client_id=self.client_id,
            ),
            business_time=datetime.fromtimestamp(self.business_time, UTC),
            request_id=self.request_id,
            traceparent=self.traceparent,
            language=self.language,
            address=self.address,
        )


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Principal)


def sign(principal: Principal, key: bytes) -> str:
    """The header's value: base64url of the 32 bytes of the signature and the packed principal."""
    return _signed(_encode(principal), key).decode()


class Caller:
    """What a principal says of its caller, whatever they ask for.

    `members`: those of `Principal` that `sign` does not take. Two of the same members are equal."""

    __slots__ = ("_first", "_second", "members")

    def __init__(self, **members: Any) -> None:
        self.members = members
        whole = {**_DEFAULTS, **members}
        self._first = [whole[name] for name in _FIRST]
        self._second = [whole[name] for name in _SECOND]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Caller) and self.members == other.members

    __hash__ = None  # type: ignore[assignment]  # as of all that is compared by what it holds

    def sign(
        self,
        key: bytes,
        *,
        service: str,
        method: str,
        path: str,
        issued_at: float,
        business_time: float,
        permission: str,
        request_id: str,
        traceparent: str | None,
        language: Language,
        address: str | None,
    ) -> bytes:
        """What `sign` makes of the whole principal, byte for byte, and without making it."""
        of_path, of_time = (service, method, path, issued_at), (business_time, permission, request_id)
        return _signed(_encode((*of_path, *self._first, *of_time, *self._second, traceparent, language, address)), key)


_NAMES = Principal.__struct_fields__
_FIRST = _NAMES[_NAMES.index("tenant") : _NAMES.index("business_time")]
_SECOND = _NAMES[_NAMES.index("user") : _NAMES.index("traceparent")]
_DEFAULTS = dict(zip(reversed(_NAMES), reversed(Principal.__struct_defaults__), strict=False))


def _signed(packed: bytes, key: bytes) -> bytes:
    return base64.urlsafe_b64encode(_signature(packed, key) + packed)


def _signature(packed: bytes, key: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104), its two keys hashed once: for so short a message that is half of the work."""
    inner, outer = _halves(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(packed)
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=64)
def _halves(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)), hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))


def verify(value: str, key: bytes, *, service: str, method: str, path: str, now: float) -> Principal:
    """The principal, when signature, service, method, path and age are right; else `Unauthenticated`."""
    try:
        raw = base64.b64decode(value, altchars=b"-_", validate=True)
        signature, packed = raw[:32], raw[32:]
        if not hmac.compare_digest(signature, _signature(packed, key)):
            raise Unauthenticated(cause="principal: wrong signature")
        principal = _decoder.decode(packed)
    except (ValueError, msgspec.DecodeError) as error:
        raise Unauthenticated(cause="principal: unreadable") from error
    if (principal.service, principal.method, principal.path) != (service, method, path):
        raise Unauthenticated(cause="principal: made for another request")
    if not -CLOCK_LEEWAY_SECONDS <= now - principal.issued_at <= LIFETIME_SECONDS:
        raise Unauthenticated(cause="principal: too old or from the future")
    return principal


def _uuid(value: bytes | None) -> UUID | None:
    return UUID(bytes=value) if value is not None else None
