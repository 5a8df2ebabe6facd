"""Opaque values that name their tenant: client ids, authorization codes, refresh tokens, session cookies.

A handle is `base64url(tenant uuid) + "." + rest`. Every look-up can so run under the tenant's own row-level
security, and no table has to be read before the tenant is known. The tenant in a handle is a claim only: a
handle forged for another tenant finds no row there.
"""

import base64
import binascii
import hashlib
import re
import secrets
from uuid import UUID

from kernel.context import TenantId

SECRET_BYTES = 32
"""256 random bits: cannot be guessed, so a plain SHA-256 of the value is enough at rest."""

DOCS_CLIENT = "docs"
"""Suffix of the client that the documentation page signs in with; each tenant has one."""

_SHAPE = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9._~-]{1,200})")


def tenant_prefix(tenant: UUID) -> str:
    """The 22 characters that stand for the tenant."""
    return base64.urlsafe_b64encode(tenant.bytes).rstrip(b"=").decode()


def mint(tenant: UUID) -> str:
    """A new secret handle of the tenant."""
    return f"{tenant_prefix(tenant)}.{secrets.token_urlsafe(SECRET_BYTES)}"


def compose(tenant: UUID, rest: str) -> str:
    """A handle with a chosen, public rest (a client id). Raises ValueError when it could not be read back."""
    handle = f"{tenant_prefix(tenant)}.{rest}"
    if not _SHAPE.fullmatch(handle):
        raise ValueError("a client id ends in 1 to 200 unreserved characters")
    return handle


def tenant_of(handle: str | None) -> TenantId | None:
    """The tenant a handle claims, or None when it is no handle."""
    found = _SHAPE.fullmatch(handle or "")
    if not found:
        return None
    try:
        tenant = UUID(bytes=base64.urlsafe_b64decode(found[1] + "=="))
    except (binascii.Error, ValueError):
        return None
    # One spelling per tenant: the last character of base64 carries bits that are not read.
    return TenantId(tenant) if tenant_prefix(tenant) == found[1] else None


def digest(handle: str) -> bytes:
    """What is stored of a secret handle."""
    return hashlib.sha256(handle.encode()).digest()
