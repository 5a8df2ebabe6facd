"""What the tests ask of a client of ours that somebody else wrote, whichever library it stands on.

A client is an application with one user before it: it begins a sign-in, is called back, and then has tokens. What its
library does not check, the application checks, as the standards ask of it; `LEFT_TO_THE_APPLICATION` names that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

SCOPE = "openid profile offline_access"


@dataclass(frozen=True)
class Registration:
    """How a client is registered with the tenant. `secret`: None for a public one."""

    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str
    sign_out_uri: str


class Refused(Exception):
    """The library, the application or the server would not go on; the text says which error."""


class Client(Protocol):
    """One application with one user before it."""

    LIBRARY: ClassVar[str]
    PLAIN_HTTP: ClassVar[str]
    """By what the library is brought to take an issuer on http://localhost; empty where it does so by itself."""
    LEFT_TO_THE_APPLICATION: ClassVar[Sequence[str]]
    """Of state, iss, nonce, id_token, discovery: what the library does not check."""

    def __init__(self, at: Registration) -> None: ...

    def start(self) -> str:
        """Discovery, then the address to which the user is sent."""

    def finish(self, callback: str) -> dict[str, Any]:
        """Take the answer to that, redeem the code, judge the ID token; its claims. Raises `Refused`."""

    def user_info(self) -> dict[str, Any]:
        """What the server says of the user to the access token held. Raises `Refused`."""

    def refresh(self) -> None:
        """A new pair of tokens for the refresh token held. Raises `Refused`."""

    def revoke(self) -> None:
        """Give the refresh token back."""

    def sign_out_address(self) -> str:
        """Where the user is sent to sign out."""

    @property
    def tokens(self) -> dict[str, Any]:
        """The last answer of the token endpoint."""

    def close(self) -> None:
        """End it."""
