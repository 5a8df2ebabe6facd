"""Proof Key for Code Exchange (RFC 7636) for every client, S256 only.

Authlib lets a confidential client leave the challenge out, gives a public one a code without it, and takes a
challenge without a method as `plain`. All three are refused here at /authorize, before a code exists.
"""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge


class ProofRequired(CodeChallenge):  # type: ignore[misc]  # Authlib ships no types
    """The extension of the authorization code grant."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """At /authorize: a challenge, and S256 by name."""
        data = grant.request.payload.data
        if not data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Unsupported 'code_challenge_method'; use S256")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge_method(self, authorization_code: Any) -> str:
        """Nothing else is ever stored."""
        return "S256"
