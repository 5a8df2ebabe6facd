"""Tokens that must not pass, made from a good one and from the platform's own signing key (reliability.md case 22)."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from gateway.edge.tokens import LEEWAY_SECONDS


def packed(value: Any) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def part(token: str, number: int) -> dict[str, Any]:
    """A part of a token, read."""
    piece = token.split(".")[number]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return value


@dataclass(frozen=True)
class Forger:
    """Somebody with a good token, an ID token of the same sign-in, and even the key that signed them."""

    genuine: str
    id_token: str
    key: RSAKey
    other_tenant: str

    def signed(self, header: Mapping[str, Any] | None = None, key: RSAKey | None = None, **claims: Any) -> str:
        """A token with changed header and claims, signed by hand: no library would write some of them. None takes a
        member out."""
        head = {name: value for name, value in {**part(self.genuine, 0), **(header or {})}.items() if value is not None}
        text = f"{packed(head)}.{packed({**part(self.genuine, 1), **claims})}"
        signature = (key or self.key).private_key.sign(text.encode(), PKCS1v15(), SHA256())
        return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    def without_signature(self) -> str:
        """`alg: none`."""
        return f"{packed({**part(self.genuine, 0), 'alg': 'none'})}.{self.genuine.split('.')[1]}."

    def under_the_public_key(self) -> str:
        """HS256, the public key as the secret."""
        text = f"{packed({**part(self.genuine, 0), 'alg': 'HS256'})}.{self.genuine.split('.')[1]}"
        mac = hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def under_a_key_it_names(self) -> str:
        """Another key, its public half in the header."""
        own = RSAKey.generate_key(2048, private=True)
        return self.signed({"jwk": own.as_dict(private=False)}, own)

    def under_another_key(self) -> str:
        """Another key under the id of ours."""
        return self.signed(key=RSAKey.generate_key(2048, private=True))

    def tampered(self) -> str:
        """The good token with one claim changed after the signing."""
        head, _, signature = self.genuine.split(".")
        return f"{head}.{packed({**part(self.genuine, 1), 'sub': self.other_tenant})}.{signature}"


FORGERIES: dict[str, Callable[[Forger], str]] = {
    "none": Forger.without_signature,
    "HS256 with the public key": Forger.under_the_public_key,
    "jwk header": Forger.under_a_key_it_names,
    "jku header": lambda by: by.signed({"jku": "http://127.0.0.1:9/keys"}),
    "x5u header": lambda by: by.signed({"x5u": "http://127.0.0.1:9/chain"}),
    "x5c header": lambda by: by.signed({"x5c": ["MIIB"]}),
    "unknown kid": lambda by: by.signed({"kid": "nobody"}),
    "no kid": lambda by: by.signed({"kid": None}),
    "another key under our kid": Forger.under_another_key,
    "missing typ": lambda by: by.signed({"typ": None}),
    "another typ": lambda by: by.signed({"typ": "JWT"}),
    "id_token as access token": lambda by: by.id_token,
    "other issuer": lambda by: by.signed(iss="https://evil.example"),
    "other audience": lambda by: by.signed(aud=part(by.genuine, 1)["client_id"]),
    "other tenant": lambda by: by.signed(tenant=by.other_tenant),
    "crit": lambda by: by.signed({"crit": ["exp"]}),
    "b64": lambda by: by.signed({"b64": False, "crit": ["b64"]}),
    "20 KB": lambda by: by.genuine + "A" * 20_000,
    "expired by 1 s past the leeway": lambda by: by.signed(exp=int(time.time()) - LEEWAY_SECONDS - 1),
    "not valid yet": lambda by: by.signed(nbf=int(time.time()) + 60),
    "tampered": Forger.tampered,
}
