"""One-time codes by time (RFC 6238): six digits, SHA-1, steps of 30 seconds, as every authenticator app makes them.

The secret is sealed by the tenant's key and bound to its user.
"""

import base64
import hmac
import secrets
from datetime import datetime
from io import BytesIO
from uuid import UUID

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kernel.privacy import kms

SECRET_BYTES = 20
"""As long as SHA-1's output (RFC 4226 §4)."""
DIGITS = 6
STEP_SECONDS = 30
NEIGHBOURS = (0, -1, 1)
"""One step early or late, for clocks that go wrong (RFC 6238 §5.2)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits: cannot be guessed, so a plain hash is enough at rest."""


def new_secret() -> bytes:
    """A fresh secret."""
    return secrets.token_bytes(SECRET_BYTES)


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what RFC 6238 names and authenticator apps know; HMAC does not rest on its collision resistance.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303


def code_at(secret: bytes, step: int) -> str:
    """The code of one step."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """The step whose code this is, of those that may be shown now."""
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for off in NEIGHBOURS:
        # All are compared, so that the time taken says nothing.
        if hmac.compare_digest(code_at(secret, present + off).encode(), code.encode()):
            found = present + off
    return found


def address(secret: bytes, user_name: str, place: str) -> str:
    """The `otpauth:` address that an authenticator app takes."""
    return _totp(secret).get_provisioning_uri(user_name, place)


def picture(address: str) -> str:
    """The address as a QR code, an SVG to stand within the page: nothing is loaded for it."""
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#fff", dark="#000", nl=False
    )
    return drawn.getvalue().decode()


def spelled(secret: bytes) -> str:
    """The secret for typing, in groups of four."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def recovery_codes() -> list[str]:
    """Fresh recovery codes, `xxxx-xxxx-xxxx-xxxx`."""
    made = (base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES))
    return ["-".join(letters[at : at + 4] for at in range(0, len(letters), 4)) for letters in made]


async def seal(tenant: UUID, user_id: UUID, secret: bytes) -> bytes:
    """The secret as it is stored."""
    return await kms.current().wrap(tenant, secret, _context(user_id))


async def unseal(tenant: UUID, user_id: UUID, sealed: bytes) -> bytes:
    """The secret again. Raises `CannotUnwrap` for one moved from another user or tenant."""
    return await kms.current().unwrap(tenant, sealed, _context(user_id))


def _context(user_id: UUID) -> bytes:
    return b"identity_totp|" + user_id.bytes
