"""Rows of the identity server. Secrets are stored as hashes only; signing keys are sealed.

All tables are tenant-wide: whoever signs in has no unit yet, and each row is found by a value that only its
holder knows. Instants are real time (tokens never follow a tenant's simulated business time).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now

_BEFORE_SIGN_IN = Rls.tenant_wide("read before anyone is signed in, by a value only its holder knows")


class Client(TenantTable, table=True):
    """An application registered with one tenant; `id` carries the tenant (see `handles`)."""

    __tablename__ = "identity_client"
    __rls__ = Rls.tenant_wide("a client serves the whole tenant and is read before anyone is signed in")

    id: str = Field(primary_key=True)
    kind: str
    name_zh: str
    name_en: str
    secret_hash: bytes | None = None
    redirect_uris: list[str] = json_field()
    sign_out_uris: list[str] = json_field()
    origins: list[str] = json_field()
    permissions: list[str] = json_field()
    trusted: bool = False
    disabled_at: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()


class Code(TenantTable, table=True):
    """An authorization code not yet redeemed; redeeming deletes the row."""

    __tablename__ = "identity_code"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "client_id"], ["identity_client.tenant_id", "identity_client.id"]),
        Index("identity_code_session_ix", "tenant_id", "session_id"),
    )

    code_hash: bytes = Field(primary_key=True)
    client_id: str
    session_id: UUID
    user_id: UUID
    post_id: UUID | None = None
    person_id: UUID | None = None
    redirect_uri: str
    scope: str
    nonce: str | None = None
    code_challenge: str
    second: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Whether a second factor was shown."""
    auth_time: datetime = instant()
    expires_at: datetime = instant()


class Family(TenantTable, table=True):
    """All tokens that come from one authorization; `id` is the `sid` of its access tokens."""

    __tablename__ = "identity_family"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "client_id"], ["identity_client.tenant_id", "identity_client.id"]),
        UniqueConstraint("tenant_id", "code_hash"),
        Index("identity_family_session_ix", "tenant_id", "session_id"),
        Index("identity_family_user_ix", "tenant_id", "user_id"),
    )

    id: UUID = Field(primary_key=True)
    client_id: str
    session_id: UUID
    user_id: UUID
    post_id: UUID | None = None
    person_id: UUID | None = None
    scope: str
    code_hash: bytes
    auth_time: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)
    revoked_for: str | None = None
    recorded_at: datetime = recorded_now()


class RefreshToken(TenantTable, table=True):
    """One refresh token; a second use is told from the first by `used_at`."""

    __tablename__ = "identity_refresh_token"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "family_id"], ["identity_family.tenant_id", "identity_family.id"]),
        Index("identity_refresh_token_family_ix", "tenant_id", "family_id"),
    )

    token_hash: bytes = Field(primary_key=True)
    family_id: UUID
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()


class Session(TenantTable, table=True):
    """A browser that signed in. The acting post is the one chosen last in it."""

    __tablename__ = "identity_session"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        UniqueConstraint("tenant_id", "cookie_hash"),
        Index("identity_session_user_ix", "tenant_id", "user_id"),
    )

    id: UUID = Field(primary_key=True)
    cookie_hash: bytes
    user_id: UUID
    acting: str | None = None
    """`person`, the id of a post, or None while not chosen."""
    agent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the browser calls itself, so that its user knows it again in the list of sessions."""
    second_at: datetime | None = instant(default=None)
    """When the second factor was shown in it."""
    auth_time: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()


class Credential(TenantTable, table=True):
    """The password of a user (argon2id) and the count of failed tries."""

    __tablename__ = "identity_credential"
    __rls__ = Rls.tenant_wide("checked before the user's units are known")

    user_id: UUID = Field(primary_key=True)
    password_hash: str
    failed_tries: int = 0
    locked_until: datetime | None = instant(default=None)
    changed_at: datetime = instant()
    must_change: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Set by somebody else, so its user is asked for another one before anything."""


class Revoked(TenantTable, table=True):
    """A token (`jti:…`) or family (`sid:…`) that edges refuse until its last access token has expired."""

    __tablename__ = "identity_revoked"
    __rls__ = Rls.tenant_wide("a revocation holds in every unit of the tenant")
    __table_args__ = (Index("identity_revoked_expiry_ix", "tenant_id", "expires_at"),)

    subject: str = Field(primary_key=True)
    expires_at: datetime = instant()
    recorded_at: datetime = recorded_now()


class SigningKey(TenantTable, table=True):
    """A key that signs tokens of all tenants, under the platform's tenant.

    One issuer serves every tenant, so its keys belong to none of them; they stand under `PLATFORM_TENANT`,
    whose context only the gateway itself opens. The private part is sealed by the platform tenant's key of
    the KMS.
    """

    __tablename__ = "identity_signing_key"
    __rls__ = Rls.tenant_wide("one issuer signs for all tenants; rows stand under the platform's tenant")

    kid: str = Field(primary_key=True)
    public_jwk: dict[str, Any] = json_field()
    sealed_private: bytes
    active_from: datetime = instant()
    published_until: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()
