"""The identity server of one gateway process: what its routes share, and how one of their transactions goes.

A run is one transaction of one tenant: it is committed before the edges are told of revocations, and they
are told before the answer goes out, so a token that was answered as revoked is refused everywhere.
"""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session as SyncSession
from starlette.requests import Request

from gateway.edgefeed.changes import Change, FamilyRevoked, KeyRemoved, KeySet, TokenRevoked
from gateway.identity import actions, handles, passwords, people, queries, rules
from gateway.identity.factors import actions as factors
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.keyring import Keyring, Ring
from gateway.identity.oauth.server import Server
from gateway.identity.remote import Remote
from gateway.identity.schemas import Browser, Holder, Revocation
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import EVERYTHING, PLATFORM_TENANT, Actor, Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound, Unavailable, preferred_language
from kernel.events.outbox import audit
from kernel.ids import new_id

T = TypeVar("T")

HEADER_KEPT = 64
"""Characters kept of a header that goes into the audit: a UUID or an IPv6 address with its zone."""


class Feed(Protocol):
    """What identity needs of the edge stream (`gateway.edgefeed`)."""

    def announce(self, *changes: Change) -> int:
        """Tell the edges and do not wait: for what only adds."""

    async def publish(self, *changes: Change) -> None:
        """Tell the edges, and wait until none can decide by the old facts any more."""


class Run:
    """One open transaction of one active tenant."""

    def __init__(self, tx: Transaction, flow: Flow, place: str) -> None:
        self.tx = tx
        self.flow = flow
        self.place = place
        """The tenant's title, for the pages."""

    async def sync(self, work: Callable[[Server], T]) -> T:
        """Run a synchronous flow of Authlib on the transaction's session."""

        def inside(_: SyncSession) -> T:
            return work(Server(self.flow))

        return await self.tx.session.run_sync(inside)

    async def look_up(self, user_id: UUID | None) -> Holder | None:
        """Let the flow know the user as directory does today."""
        self.flow.holder = await people.holder_by_id(self.tx, user_id) if user_id else None
        return self.flow.holder

    async def browser(self, cookie: str | None) -> Browser | None:
        """The signed-in browser of a cookie; its user becomes the flow's."""
        if handles.tenant_of(cookie) != self.tx.tenant or cookie is None:
            return None
        now = self.flow.now
        found = await self.tx.session.run_sync(
            queries.session_of, handles.digest(cookie), now, now - rules.SESSION_IDLE
        )
        holder = await self.look_up(found.user_id if found else None)
        if found is None:
            return None
        return Browser(found, await factors.missing(self.tx, found, holder) if holder else None)


class Desk:
    """One per gateway process, at `app.state.identity`."""

    def __init__(self, database: Database, config: ProcessConfig, feed: Feed) -> None:
        self.database = database
        self.issuer = config.issuer
        self.secure = config.issuer.startswith("https://")
        self.remote = Remote(development=config.profile == "development")
        self.keyring = Keyring(self._read_ring)
        self._checks = asyncio.Semaphore(passwords.PARALLEL_CHECKS)
        self._waiting = 0
        self._feed = feed
        self._announced: frozenset[str] = frozenset()
        self._form_key = hmac.digest(config.cursor_key.get_secret_value().encode(), b"identity: forms", hashlib.sha256)

    async def start(self) -> None:
        """Make the first signing key where there is none, and read the ring."""
        async with self.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            await actions.ensure_signing_key(tx)
        await self.keyring.ring()

    async def _read_ring(self) -> Ring:
        async with self.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            ring = await actions.read_ring(tx)
        self._announce(ring)
        return ring

    def _announce(self, ring: Ring) -> None:
        """Tell the edges of keys that are new or gone; before this process can sign with one of them."""
        keys: dict[str, Change] = {key["kid"]: KeySet(kid=key["kid"], jwk=key) for key in ring.public(utcnow())["keys"]}
        new = [change for kid, change in keys.items() if kid not in self._announced]
        gone = [KeyRemoved(kid=kid) for kid in self._announced - keys.keys()]
        if new or gone:
            self._feed.announce(*new, *gone)
        self._announced = frozenset(keys)

    @contextlib.asynccontextmanager
    async def run(self, request: Request, tenant: TenantId) -> AsyncIterator[Run]:
        """Open a run; commit, tell the edges, and only then leave. Raises `NotFound` for a tenant not
        active."""
        ring = await self.keyring.ring()
        context = Context(
            tenant=tenant,
            scope=EVERYTHING,
            actor=Actor("public"),
            business_time=utcnow(),
            language=preferred_language(request.headers.get("accept-language", "")),
            request_id=request.headers.get("x-request-id", "")[:HEADER_KEPT] or str(new_id()),
            address=_address(request),
        )
        async with self.database.transaction(context) as tx:
            place = await people.enter_tenant(tx)
            if place is None:
                raise NotFound
            flow = Flow(self.issuer, tenant, tx.session.sync_session, ring, utcnow())
            yield Run(tx, flow, place)
            for revocation in flow.revocations:
                await audit(
                    tx,
                    "identity.tokens_revoked",
                    subject_type="tokens",
                    subject_id=None,
                    facts={"subject": revocation.subject},
                )
        await self.tell(flow.revocations)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One's turn to have a secret judged; taken before the transaction, so that who waits holds no connection.

        Raises `Unavailable` when too many wait: a flood of sign-ins must not grow without end.
        """
        if self._waiting >= passwords.WAITING_CHECKS:
            raise Unavailable(cause="too many sign-ins wait for their password check", retry_after=5)
        self._waiting += 1
        try:
            async with self._checks:
                yield
        finally:
            self._waiting -= 1

    async def tell(self, revocations: Iterable[Revocation]) -> None:
        """Tell the edges of revocations that are committed; returns when no edge takes these tokens any
        more."""
        if changes := [change_of(revocation) for revocation in revocations]:
            await self._feed.publish(*changes)

    def derive(self, purpose: str, value: str) -> str:
        """A secret that only who knows `value` and this server can tell; nothing of it is stored."""
        return hmac.new(self._form_key, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()

    def form_token(self, browser_key: str) -> str:
        """What a form must bring along, besides the cookie `browser_key` it was made for."""
        return hmac.new(self._form_key, browser_key.encode(), hashlib.sha256).hexdigest()

    def form_is_ours(self, browser_key: str | None, token: str | None) -> bool:
        """Whether a form was made by us for this browser: another site knows neither half."""
        return hmac.compare_digest(self.form_token(browser_key or ""), token or "") and bool(browser_key)


def _address(request: Request) -> str | None:
    """Where the browser or application is, for the audit only: as the edge saw it (it replaces the field), or the
    peer where there is no edge before us."""
    seen_by_edge = request.headers.get("x-forwarded-for", "")[:HEADER_KEPT]
    return seen_by_edge or (request.client.host if request.client else None)


def change_of(revocation: Revocation) -> Change:
    """A revocation as the edges are told it."""
    kind, _, name = revocation.subject.partition(":")
    until = revocation.expires_at.timestamp()
    return FamilyRevoked(sid=name, until=until) if kind == "sid" else TokenRevoked(jti=name, until=until)
