"""Rows of the second factor. Secrets are sealed under the tenant's key, recovery codes stored as hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now

_AT_SIGN_IN = Rls.tenant_wide("checked at sign-in, before the user's units are known")


class Totp(TenantTable, table=True):
    """A user's secret for one-time codes; in force from `confirmed_at` on."""

    __tablename__ = "identity_totp"
    __rls__ = _AT_SIGN_IN

    user_id: UUID = Field(primary_key=True)
    sealed: bytes
    confirmed_at: datetime | None = instant(default=None)
    last_step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The time step of the last code taken: none of it or before it is taken again."""
    failed_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    locked_until: datetime | None = instant(default=None)
    """Counted apart from passwords: a right password must not start this count anew."""
    recorded_at: datetime = recorded_now()


class RecoveryCode(TenantTable, table=True):
    """A code that replaces the second factor once; using it deletes the row."""

    __tablename__ = "identity_recovery_code"
    __rls__ = _AT_SIGN_IN
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["identity_totp.tenant_id", "identity_totp.user_id"], ondelete="CASCADE"
        ),
    )

    user_id: UUID = Field(primary_key=True)
    code_hash: bytes = Field(primary_key=True)


class FactorRemoval(TenantTable, table=True):
    """That a user's second factor is lost: one administrator asks for its removal, another one does it.

    `state`: asked, done, refused or expired. Never deleted.
    """

    __tablename__ = "identity_factor_removal"
    __rls__ = Rls.tenant_wide("a user has no unit; whose scope covers them is asked when it is read")
    __table_args__ = (
        # One request at a time for a user.
        Index(
            "identity_factor_removal_asked_uq",
            "tenant_id",
            "user_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        CheckConstraint("decided_by is null or decided_by <> asked_by", name="two_administrators"),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID
    reason: str
    state: str = "asked"
    asked_by: UUID
    decided_by: UUID | None = None
    asked_at: datetime = recorded_now()
    decided_at: datetime | None = instant(default=None)
    version: int = 1


class Setting(TenantTable, table=True):
    """How a tenant wants its sign-ins (one row; without one the platform's defaults hold)."""

    __tablename__ = "identity_setting"
    __rls__ = _AT_SIGN_IN

    second_factor: str = "offered"
    """`offered`: whoever wants one; `officials`: all who sign in as officials."""
    version: int = 1
