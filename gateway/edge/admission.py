"""Who may do what: from a request and the facts to a tenant, an actor, a scope and one permission (T1, T4,
T5).

A path that no operation has answers 404 before anything is asked of the caller; so no answer tells whether a
record of another tenant exists, since only its own service, under row-level security, ever looks for it.
"""

from datetime import date
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from gateway.edge.facts import Facts
from gateway.edge.inbound import Inbound
from gateway.edge.refusals import Asker
from gateway.edge.tokens import CACHE_ENTRIES, Claims, OutOfForce, TokenChecker, ended
from gateway.edgefeed.changes import PostSet, Route, SubstituteSet, TenantSet
from kernel.access.permission import Audience, Grant
from kernel.access.principal import Caller
from kernel.context import EVERYTHING, NOTHING, ActorKind
from kernel.errors import Forbidden, MethodNotAllowed, NotFound, Text, Unauthenticated, Unavailable

API = "/api/v1/"
PUBLIC = "/public/"
GATEWAY = "gateway"
OPEN_PATHS = frozenset({"/", "/docs", "/openapi.json", "/favicon.ico", "/api/v1/labels"})
OPEN_PREFIXES = ("/oauth/", "/.well-known/", "/docs/", "/problems/", "/static/")
"""What the gateway serves without a principal: sign-in, keys, documents, pages. It guards these itself."""
OPEN_BODY_LIMIT = 64 * 1024
"""Sign-in forms and token requests are below 8 KB."""
OPEN_DEADLINE_SECONDS = 15.0
"""A password check takes a quarter of a second; a queue of them at nine o'clock some seconds."""

_OPEN = Route(
    service=GATEWAY,
    method="",
    path="",
    permission="",
    audience="public",
    body_limit=OPEN_BODY_LIMIT,
    deadline=OPEN_DEADLINE_SECONDS,
)
ACTIVE = "active"
_SHANGHAI_SECONDS = 8 * 3600
"""Asia/Shanghai has been UTC+8 without summer time since 1992; `kernel.clock.local_date` is the judge in
tests."""
_EPOCH_DAY = 719_163
"""date(1970, 1, 1).toordinal()"""
_EVER = float("inf")


class Admission(msgspec.Struct):
    """What is forwarded, where to, and as whom. `caller` is None on the gateway's open paths. `target`: the upstream
    path as it is spelled there."""

    route: Route
    target: bytes
    rate_key: object
    by_client: bool
    lane: object
    caller: Caller | None = None
    business_time: float = 0.0


def methods_at(request: Inbound, facts: Facts) -> dict[str, Route] | None:
    """The operations at the request's path, by method; None on the gateway's open paths.

    Raises: `NotFound` when there are none, or no such tenant's public pages; `Unavailable` where that is not known."""
    path = request.path
    if path in OPEN_PATHS:
        return None
    if path.startswith(API):
        return facts.routes.methods(path) or _none_there(facts)
    if path.startswith(OPEN_PREFIXES):
        return None
    if path.startswith(PUBLIC):
        slug, _, rest = path[len(PUBLIC) :].partition("/")
        tenant = facts.slugs.get(slug)
        if tenant is not None and tenant.status == ACTIVE:
            there = facts.routes.methods(API + rest)
            found = {method: route for method, route in there.items() if route.audience == "public"}
            return found or _none_there(facts)
    raise _no_such_path()


def _none_there(facts: Facts) -> NoReturn:
    if facts.awaited:
        raise Unavailable(cause=f"operations not known yet: {', '.join(sorted(facts.awaited))}")
    raise _no_such_path()


def admit(
    request: Inbound,
    methods: dict[str, Route] | None,
    facts: Facts,
    tokens: TokenChecker,
    now: float,
    asker: Asker,
) -> Admission:
    """Decide. `now`: Unix seconds. Fills `asker` as far as the caller is known.

    Raises: `MethodNotAllowed`, `Unauthenticated`, `Forbidden`."""
    if methods is None:
        return Admission(_OPEN, request.raw_path, request.address, False, request.address)
    route = methods.get(request.method)
    if route is None:
        raise MethodNotAllowed(headers={"Allow": allow(methods)})
    asker.template = route.path
    if request.path.startswith(PUBLIC):
        return _public(request, route, facts, now, asker)
    try:
        claims = _claims(request, facts, tokens, now)
    except OutOfForce as refused:
        asker.is_named_by(refused.claims)
        raise
    asker.is_named_by(claims)
    acting = facts.acting.get(claims) or _worked_out(claims, facts)
    business_time = now + acting.offset
    if not acting.since <= business_time < acting.before or (
        acting.post is not None and not acting.own and not _stands_in(acting.post, claims.user, facts, business_time)
    ):
        raise _no_longer_held()
    permitted = acting.permitted.get((route.permission, route.audience))
    if permitted is None:
        permitted = acting.permitted[route.permission, route.audience] = _is_permitted(acting, route)
    if not permitted:
        raise Forbidden
    return Admission(route, request.raw_path, acting.rate_key, True, acting.lane, acting.caller, business_time)


def allow(methods: dict[str, Route]) -> str:
    """The Allow field for a path."""
    also = {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    return ", ".join(sorted(methods.keys() | also))


class Acting(msgspec.Struct, kw_only=True, eq=False):
    """What a token makes of its bearer as long as no fact changes: remembered by the facts, under the claims.

    `offset`: of business time, in which the post is in force from `since` until `before`. `own`: whether the bearer is
    the post's holder. `permitted`: what was decided so far, by permission and audience."""

    kind: ActorKind
    offset: float
    rate_key: bytes
    lane: bytes
    caller: Caller
    grants: dict[str, tuple[Grant, ...]]
    client_grants: tuple[str, ...]
    post: PostSet | None
    own: bool
    since: float
    before: float
    permitted: dict[tuple[str, str], bool] = msgspec.field(default_factory=dict)


def _worked_out(claims: Claims, facts: Facts) -> Acting:
    """Raises: `Unauthenticated`, `Forbidden`; what is refused is not remembered."""
    tenant = facts.tenants.get(claims.tenant)
    client = facts.clients.get(claims.client_id)
    if tenant is None or client is None or client.tenant != claims.tenant:
        raise Unauthenticated(cause="token: tenant or client no longer known")
    if tenant.status != ACTIVE:
        raise Forbidden(Text("本租户已暂停使用", "This tenant is suspended."))
    post = None
    members: dict[str, Any] = _members(tenant, claims.client_id)
    if claims.post is not None:
        post = facts.posts.get(claims.post)
        if post is None or post.tenant != claims.tenant:
            raise _no_longer_held()
        members |= {
            "kind": "official",
            "user": _bytes(claims.user),
            "post": post.id.bytes,
            "unit_no": post.unit_no,
            "lo": post.lo,
            "hi": post.hi,
            "department_kind": post.department_kind,
            "level": post.level,
            "duty": post.duty,
        }
    elif claims.person is not None:
        members |= {"kind": "person", "user": _bytes(claims.user), "person": claims.person.bytes}
    elif claims.user is None:
        members |= {"kind": "client", "lo": EVERYTHING.lo, "hi": EVERYTHING.hi, "client_grants": client.grants}
    else:
        raise Forbidden(Text("请先选择任职岗位", "Choose a post to act in first."))
    lane = tenant.id.bytes
    since, before = _in_force(post) if post is not None else (-_EVER, _EVER)
    acting = Acting(
        kind=members["kind"],
        offset=tenant.business_offset_seconds,
        rate_key=lane + claims.client_id.encode(),
        lane=lane,
        caller=Caller(**members),
        grants=facts.grants.get(claims.tenant, {}),
        client_grants=client.grants,
        post=post,
        own=post is not None and claims.user == post.user,
        since=since,
        before=before,
    )
    if len(facts.acting) >= CACHE_ENTRIES:
        facts.acting.clear()
    facts.acting[claims] = acting
    return acting


def _is_permitted(acting: Acting, route: Route) -> bool:
    audience = route.audience
    if audience in ("signed-in", "public"):
        return True
    if acting.kind == "official" and acting.post is not None:
        post = acting.post
        return audience == "official" and any(
            grant.covers(post.department_kind, post.level, post.duty)
            for grant in acting.grants.get(route.permission, ())
        )
    if acting.kind == "person":
        return audience == "person"
    held: tuple[Audience, ...] = ("client", "official")
    return acting.kind == "client" and audience in held and route.permission in acting.client_grants


def _public(request: Inbound, route: Route, facts: Facts, now: float, asker: Asker) -> Admission:
    slug, _, _ = request.path[len(PUBLIC) :].partition("/")
    tenant = facts.slugs[slug]
    asker.tenant = tenant.id
    # Slugs are plain ASCII, so the spelled path has the same prefix as the decoded one, unless it was
    # escaped.
    prefix = (PUBLIC + slug + "/").encode()
    if not request.raw_path.startswith(prefix):
        raise _no_such_path()
    return Admission(
        route,
        API.encode() + request.raw_path[len(prefix) :],
        rate_key=(tenant.slug, request.address),
        by_client=False,
        lane=tenant.id.bytes,
        caller=Caller(**_members(tenant, None), kind="public"),
        business_time=now + tenant.business_offset_seconds,
    )


def _stands_in(post: PostSet, user: UUID | None, facts: Facts, business_time: float) -> bool:
    """Whether the user stands in for the post's holder on this day."""
    known = facts.substitutes.get(post.id, {}).values()
    for one in known:
        since, before = _in_force(one)
        if one.user == user and since <= business_time < before:
            return True
    return False


def _in_force(post: PostSet | SubstituteSet) -> tuple[float, float]:
    """From when and until when, by business time: a post ends by the day alone."""
    return _midnight(post.valid_from), _EVER if post.valid_before is None else _midnight(post.valid_before)


def _midnight(day: date) -> float:
    return (day.toordinal() - _EPOCH_DAY) * 86_400.0 - _SHANGHAI_SECONDS


def _claims(request: Inbound, facts: Facts, tokens: TokenChecker, now: float) -> Claims:
    """What the token says: as it was found for the request before, as long as nothing that judges tokens changed."""
    known = request.fields.known
    if known is not None and known[0] == facts.tokens_version and not ended(known[1], now):
        return known[1]
    claims = tokens.check(_bearer(request), facts, now)
    request.fields.known = (facts.tokens_version, claims)
    return claims


def _bearer(request: Inbound) -> bytes:
    """The token (RFC 6750 §2.1); never from the query or the body."""
    scheme, _, token = request.read.get(b"authorization", b"").partition(b" ")
    token = token.strip(b" ")
    if scheme.lower() != b"bearer" or not token:
        raise Unauthenticated(cause="no bearer token", headers={"WWW-Authenticate": 'Bearer realm="shegong"'})
    return token


def _members(tenant: TenantSet, client_id: str | None) -> dict[str, Any]:
    return {"tenant": tenant.id.bytes, "client_id": client_id, "lo": NOTHING.lo, "hi": NOTHING.hi}


def _bytes(id_: UUID | None) -> bytes | None:
    return id_.bytes if id_ is not None else None


def _no_longer_held() -> Forbidden:
    return Forbidden(Text("该任职岗位已不再有效，请重新选择岗位", "This post is no longer held; choose another."))


def _no_such_path() -> NotFound:
    return NotFound(Text("没有这个地址，请核对接口文档", "There is no such address; look it up in the API document."))
