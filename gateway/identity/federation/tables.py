"""Rows of federation: providers, the users known by them, and sign-ins that are out at one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now

_BEFORE_SIGN_IN = Rls.tenant_wide("read before anyone is signed in")


class Provider(TenantTable, table=True):
    """A tenant's own OpenID Connect provider, set by the platform's operator."""

    __tablename__ = "identity_provider"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (UniqueConstraint("tenant_id", "issuer"),)

    id: UUID = Field(primary_key=True)
    issuer: str
    client_id: str
    sealed_secret: bytes | None = None
    name_zh: str
    name_en: str
    name_claim: str | None = None
    """Claim whose value is the user name of an account here; without one only linked subjects sign in."""
    provision: bool = False
    """Whether a subject without an account gets one, as a person."""
    disabled_at: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()


class Subject(TenantTable, table=True):
    """Which user a provider's subject is. Once linked it stays so, whatever its other claims become."""

    __tablename__ = "identity_provider_subject"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "provider_id"], ["identity_provider.tenant_id", "identity_provider.id"]),
        UniqueConstraint("tenant_id", "provider_id", "user_id"),
    )

    provider_id: UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    user_id: UUID
    recorded_at: datetime = recorded_now()


class Errand(TenantTable, table=True):
    """A browser that is out at a provider; its coming back deletes the row. Verifier and nonce follow from the state,
    which only the browser and the provider have."""

    __tablename__ = "identity_errand"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "provider_id"], ["identity_provider.tenant_id", "identity_provider.id"]),
        Index("identity_errand_expiry_ix", "tenant_id", "expires_at"),
    )

    state_hash: bytes = Field(primary_key=True)
    provider_id: UUID
    wanted: str
    """The authorization request it serves."""
    expires_at: datetime = instant()
