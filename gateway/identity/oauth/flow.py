"""One run of the authorization server: for which tenant, on which session, with which keys; and what it
causes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session as SyncSession

from gateway.identity import queries, rules
from gateway.identity.oauth.keyring import Ring
from gateway.identity.schemas import Holder, Revocation
from kernel.context import TenantId


@dataclass(slots=True)
class Flow:
    """`holder` is the user as directory knows them today, looked up before the flow; None when not active.

    Revocations are written in the flow's transaction and collected here; the route tells the edges after the
    commit and answers only then.
    """

    issuer: str
    tenant: TenantId
    session: SyncSession
    ring: Ring
    now: datetime
    holder: Holder | None = None
    revocations: list[Revocation] = field(default_factory=list)

    def revoke_families(self, where: ColumnElement[bool], reason: str) -> None:
        """Revoke the families picked; their access tokens die at the edges with them."""
        self.revocations += revoke_families(self.session, self.tenant, where, reason, self.now)

    def refuse_token(self, jti: str, expires_at: datetime) -> None:
        """Let edges refuse one access token for the rest of its life."""
        self.revocations.append(_refuse(self.session, self.tenant, f"jti:{jti}", expires_at))


def revoke_families(
    session: SyncSession, tenant: UUID, where: ColumnElement[bool], reason: str, now: datetime
) -> list[Revocation]:
    """Revoke the families that `where` picks. What the edges are to be told after the commit is returned."""
    revoked = queries.revoke_families(session, where, reason, now)
    return [_refuse(session, tenant, family_subject(one), now + rules.ACCESS_LIFETIME) for one in revoked]


def family_subject(family_id: UUID) -> str:
    """How a family is named in the table of revocations."""
    return f"sid:{family_id}"


def _refuse(session: SyncSession, tenant: UUID, subject: str, until: datetime) -> Revocation:
    # A minute more than the tokens live, for clocks that go slow.
    until += timedelta(minutes=1)
    queries.write_revoked(session, subject, tenant, until)
    return Revocation(tenant, subject, until)
