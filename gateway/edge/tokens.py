"""Access tokens, judged strictly (RFC 9068, RFC 8725): the signature and every claim, each time they are new.

Keys come from the edge stream alone, never from a token. What was found good is remembered under the SHA-256
of the token, until it expires or until a key or a revocation changed anything.

Claims of an access token: `iss`, `aud`, `exp`, `iat`, `jti`, `sub`, `client_id` (RFC 9068), and `tenant` (id
of the tenant), `sid` (the sign-in, the family of tokens), `post` (acting post of an official) or `person` (id
of the person, for workers and applicants). A client acting for itself has `sub` = `client_id`.
"""

import hashlib
from uuid import UUID

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gateway.edge.facts import Facts
from kernel.errors import Unauthenticated

ALGORITHMS = ("RS256", "ES256")
"""Asymmetric only, named: a key meant for one kind can never be used as the secret of another."""
TOKEN_LIMIT = 4096
"""Our own tokens are below 1.5 KB; longer ones are refused before they are decoded."""
LEEWAY_SECONDS = 5
"""Clocks of the machines that issue and check."""
CACHE_ENTRIES = 20_000
"""About 1 KB each; more than the officials and clients of one edge act within five minutes."""

_HEADER_MEMBERS = frozenset({"alg", "typ", "kid"})
"""All that our issuer writes. jwk, jku, x5u, x5c, crit, b64, zip and whatever comes later are refused
alike."""


class Claims(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a good access token says. Times are Unix seconds. One object for one remembered token, and its own key."""

    iss: str
    aud: str | list[str]
    exp: int
    iat: int
    jti: str
    sub: str
    client_id: str
    tenant: UUID
    nbf: int | None = None
    sid: str | None = None
    post: UUID | None = None
    person: UUID | None = None

    @property
    def user(self) -> UUID | None:
        """The signed-in user; None for a client acting for itself."""
        return None if self.sub == self.client_id else UUID(self.sub)


_claims = msgspec.json.Decoder(Claims, strict=True)
_registry = jws.JWSRegistry(algorithms=ALGORITHMS)


class OutOfForce(Unauthenticated):
    """A token of ours that has ended: whose it was is known, so that the refusal stands in that tenant's audit."""

    def __init__(self, claims: Claims, cause: str) -> None:
        super().__init__(cause=cause)
        self.claims = claims


class TokenChecker:
    """Judges tokens of one issuer for one audience, with a bounded memory."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._good: dict[bytes, Claims] = {}
        self._version = -1

    def check(self, token: bytes, facts: Facts, now: float) -> Claims:
        """The claims of `token`. `now`: Unix seconds. Raises: `Unauthenticated`, `OutOfForce` where it was once good;
        the cause never has the token."""
        if facts.tokens_version != self._version:
            self._good.clear()
            self._version = facts.tokens_version
        name = hashlib.sha256(token).digest()
        claims = self._good.get(name)
        if claims is not None:
            if not ended(claims, now):
                return claims
            del self._good[name]
        claims = self._judge(token, facts, now)
        if len(self._good) >= CACHE_ENTRIES:
            del self._good[next(iter(self._good))]
        self._good[name] = claims
        return claims

    def _judge(self, token: bytes, facts: Facts, now: float) -> Claims:
        claims = _verified(token, facts)
        audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        wrong = (
            "issuer" if claims.iss != self._issuer
            else "audience" if self._audience not in audience
            else "expired" if ended(claims, now)
            else "issued in the future" if claims.iat > now + LEEWAY_SECONDS
            else "not yet valid" if claims.nbf is not None and claims.nbf > now + LEEWAY_SECONDS
            else "revoked" if claims.jti in facts.revoked_tokens or claims.sid in facts.revoked_families
            else ""
        )  # fmt: skip
        if wrong:
            if wrong in ("expired", "revoked"):
                raise OutOfForce(claims, f"token: {wrong}")
            raise Unauthenticated(cause=f"token: {wrong}")
        if claims.sub != claims.client_id:
            if claims.sid is None or (claims.post and claims.person):
                raise Unauthenticated(cause="token: a user's without sid, or in two roles")
            try:
                UUID(claims.sub)
            except ValueError as error:
                raise Unauthenticated(cause="token: subject is no user") from error
        elif claims.post or claims.person:
            raise Unauthenticated(cause="token: a client in a post")
        return claims


def ended(claims: Claims, now: float) -> bool:
    """Whether its time is over."""
    return now >= claims.exp + LEEWAY_SECONDS


def _verified(token: bytes, facts: Facts) -> Claims:
    if len(token) > TOKEN_LIMIT:
        raise Unauthenticated(cause="token: too long")
    try:
        signed = jws.extract_compact(token, registry=_registry)
        header = signed.headers()
        key = _key(header, facts)
        if not jws.validate_compact(signed, key, registry=_registry):
            raise Unauthenticated(cause="token: signature")
        return _claims.decode(signed.payload)
    except (JoseError, msgspec.DecodeError, ValueError, TypeError, AttributeError) as error:
        # The libraries' own words may quote the token; only the kind of error goes into our log.
        raise Unauthenticated(cause=f"token: {type(error).__name__}") from None


def _key(header: dict[str, object], facts: Facts) -> RSAKey | ECKey:
    if header.keys() - _HEADER_MEMBERS:
        raise Unauthenticated(cause="token: header member not ours")
    typ, kid, alg = header.get("typ"), header.get("kid"), header.get("alg")
    # RFC 9068 §4: MUST be checked, else an id_token of the same issuer would pass; joserfc does not.
    if not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"):
        raise Unauthenticated(cause="token: typ")
    key = facts.keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise Unauthenticated(cause="token: unknown key")
    if alg not in ALGORITHMS or key.get("alg", alg) != alg:
        raise Unauthenticated(cause="token: algorithm")
    return key
