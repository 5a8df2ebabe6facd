"""Rows of codes that went out by message, and of the phones they go to. Phones are encrypted, codes keyed hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now

_BEFORE_SIGN_IN = Rls.tenant_wide("used before anyone is signed in")


class Phone(TenantTable, table=True):
    """The phone of a user, checked by a code or, for a worker from earlier history, taken from the dossier."""

    __tablename__ = "identity_phone"
    __rls__ = _BEFORE_SIGN_IN

    user_id: UUID = Field(primary_key=True)
    number: bytes
    """Encrypted under the key of the person, or of the user where they are no person."""
    recorded_at: datetime = recorded_now()


class Check(TenantTable, table=True):
    """A code asked for: by a phone (`register`, `phone`) or a user name (`reset`), which may be nobody's.

    `id` holds the data key of the phone until there is a user. It dies by `rules.CODE_TRIES` wrong codes.
    """

    __tablename__ = "identity_check"
    __rls__ = _BEFORE_SIGN_IN
    __table_args__ = (
        UniqueConstraint("tenant_id", "handle_hash"),
        Index("identity_check_target_ix", "tenant_id", "target_index", "recorded_at"),
        Index("identity_check_source_ix", "tenant_id", "source_index", "recorded_at"),
    )

    id: UUID = Field(primary_key=True)
    handle_hash: bytes
    purpose: str
    user_id: UUID | None = None
    number: bytes | None = None
    target_index: bytes
    """Keyed hash of the phone or user name: how often a code was asked for it."""
    source_index: bytes
    """Keyed hash of the address that asked."""
    code_hash: bytes | None = None
    """None where no code went out: no code is right then."""
    held_back: bool = False
    """Asked for too often: no code goes out, and the answer is the same."""
    tries: int = 0
    expires_at: datetime = instant()
    recorded_at: datetime = recorded_now()
