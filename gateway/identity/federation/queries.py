"""SQL of federation."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from gateway.identity.federation.tables import Errand, Provider, Subject
from kernel.db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider that users may sign in by."""

    id: UUID
    issuer: str
    client_id: str
    sealed_secret: bytes | None = field(repr=False)
    name_zh: str
    name_en: str
    name_claim: str | None
    provision: bool


_COLUMNS = (
    col(Provider.id),
    col(Provider.issuer),
    col(Provider.client_id),
    col(Provider.sealed_secret),
    col(Provider.name_zh),
    col(Provider.name_en),
    col(Provider.name_claim),
    col(Provider.provision),
)


async def providers(tx: Transaction) -> list[ProviderView]:
    """The tenant's providers, oldest first."""
    found = await tx.session.execute(
        select(*_COLUMNS).where(col(Provider.disabled_at).is_(None)).order_by(col(Provider.recorded_at))
    )
    return [ProviderView(*row) for row in found]


async def provider(tx: Transaction, provider_id: UUID) -> ProviderView | None:
    """One provider, unless it is disabled."""
    found = await tx.session.execute(
        select(*_COLUMNS).where(col(Provider.id) == provider_id, col(Provider.disabled_at).is_(None))
    )
    row = found.one_or_none()
    return ProviderView(*row) if row else None


async def by_issuer(tx: Transaction, issuer: str) -> Provider | None:
    """The row of an issuer, held until the end of the transaction."""
    found = await tx.session.execute(select(Provider).where(col(Provider.issuer) == issuer).with_for_update())
    return found.scalar_one_or_none()


async def take_errand(tx: Transaction, state_hash: bytes, now: datetime) -> tuple[UUID, str] | None:
    """Take the errand of a state, once: its provider and what is wanted."""
    taken = (
        delete(Errand)
        .where(col(Errand.state_hash) == state_hash, col(Errand.expires_at) > now)
        .returning(col(Errand.provider_id), col(Errand.wanted))
        .execution_options(synchronize_session=False)
    )
    row = (await tx.session.execute(taken)).one_or_none()
    return (row[0], row[1]) if row else None


async def user_of(tx: Transaction, provider_id: UUID, subject: str) -> UUID | None:
    """The user that a subject is linked to."""
    found = await tx.session.execute(
        select(col(Subject.user_id)).where(col(Subject.provider_id) == provider_id, col(Subject.subject) == subject)
    )
    return found.scalar_one_or_none()


async def is_linked(tx: Transaction, provider_id: UUID, user_id: UUID) -> bool:
    """Whether a user is a subject of the provider already."""
    found = await tx.session.execute(
        select(col(Subject.subject)).where(col(Subject.provider_id) == provider_id, col(Subject.user_id) == user_id)
    )
    return found.first() is not None
