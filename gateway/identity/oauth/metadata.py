"""What the server says about itself: one document for OAuth (RFC 8414) and OpenID Connect discovery."""

from typing import Any

from gateway.identity.oauth.clients import GRANTS, SCOPES
from gateway.identity.oauth.keyring import ALGORITHM

AUTHORIZE = "/oauth/authorize"
TOKEN = "/oauth/token"  # noqa: S105 -- a path
REVOKE = "/oauth/revoke"
INTROSPECT = "/oauth/introspect"
USER_INFO = "/oauth/userinfo"
JWKS = "/.well-known/jwks.json"
SIGN_OUT = "/oauth/sign-out"
ACCOUNT = "/oauth/account"

_CONFIDENTIAL = ["client_secret_basic", "client_secret_post"]


def metadata(issuer: str) -> dict[str, Any]:
    """The document, equal at both of its addresses."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + JWKS,
        "userinfo_endpoint": issuer + USER_INFO,
        "end_session_endpoint": issuer + SIGN_OUT,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": sorted(frozenset().union(*GRANTS.values())),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "token_endpoint_auth_methods_supported": ["none", *_CONFIDENTIAL],
        "revocation_endpoint_auth_methods_supported": ["none", *_CONFIDENTIAL],
        "introspection_endpoint_auth_methods_supported": _CONFIDENTIAL,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "at_hash",
            "amr",
            "sid",
            "name",
            "preferred_username",
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["zh-CN", "en"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
