"""Setting up a second factor on the account pages, as an authenticator app would."""

import base64
import re

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from deploy.cli.demo.client import Session
from kernel.clock import utcnow

KEY = re.compile(r"<code>([A-Z2-7 ]{39})</code>")


def code_of(secret: bytes, steps: int = 0) -> str:
    """The code of now or of some steps from now, by another road than the server's."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(utcnow().timestamp()) + 30 * steps).decode()  # noqa: S303 - RFC 6238


def secret_on(page: str) -> bytes:
    """The secret that the page of a set-up shows."""
    found = KEY.search(page)
    assert found is not None, page
    return base64.b32decode(found[1].replace(" ", ""))


def set_up(session: Session) -> None:
    """Set up a second factor for a user who is signed in."""
    page = session.http.get("/oauth/account/second-factor", params={"client_id": session.client_id})
    done = session.submit("/oauth/enrol", page, {"code": code_of(secret_on(page.text))})
    assert done.status_code == 200, done.text
