"""Where webhooks may go, how they are signed (Standard Webhooks), and when one is tried again. All of it pure."""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from kernel.errors import Text

URL_LENGTH = 2_000
SECURE_PORTS = frozenset({443, 8443})
SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 -- how a secret begins, no secret
ATTEMPTS = 10
"""Over about a day; then the endpoint is disabled, and its administrator finds it so."""
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_V4_SPECIAL = tuple(ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24"))
"""Protocol assignments, and the old way to 6to4."""
_V6_UNICAST = ipaddress.ip_network("2000::/3")
_V6_SPECIAL = tuple(ipaddress.ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
"""Protocol assignments and Teredo, documentation, 6to4 (which carries any IPv4 address), documentation again."""


def url_fault(url: str, *, development: bool) -> Text | None:
    """Why nothing may be sent to that address, as far as its words tell; where it leads is judged at each try."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return Text("不是有效的网址", "not an address")
    if len(url) > URL_LENGTH or not host or not url.isascii() or any(sign <= " " or sign == "\\" for sign in url):
        return Text("不是有效的网址", "not an address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return Text("网址中不得含用户名、口令或片段", "no user name, password or fragment in the address")
    if parts.scheme == "https":
        return None if development or (port or 443) in SECURE_PORTS else Text("端口不在许可之列", "port not allowed")
    if parts.scheme == "http" and development and is_loopback_name(host):
        return None
    return Text("只接受 https 网址", "only https addresses are accepted")


def is_loopback_name(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def may_connect(address: str, *, allowed: Sequence[Network] = (), loopback: bool = False) -> bool:
    """Whether a connection to this resolved address is let out: public ones, and networks the operator allows.

    loopback: of the development profile, for an endpoint on this machine.
    """
    if not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    if any(found.version == network.version and found in network for network in allowed):
        return True
    if found.is_loopback:
        return loopback
    if found.is_multicast or not found.is_global:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _V4_SPECIAL)
    # Mapped, compatible and translated forms of IPv4 lie outside the unicast block, 6to4 and Teredo in it.
    return found in _V6_UNICAST and not any(found in network for network in _V6_SPECIAL)


def target_of(url: str) -> tuple[SplitResult, str, int]:
    """The parts of an address that was accepted, its host and port."""
    parts = urlsplit(url)
    return parts, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def signature(secrets: Sequence[bytes], message_id: str, timestamp: int, body: str) -> str:
    """The `webhook-signature` field: one signature for each secret that is valid."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    made = (base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets)
    return " ".join(f"v1,{each}" for each in made)


def shown(secret: bytes) -> str:
    """A secret as it is handed over."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after that many tries; `chance` in [0, 1) spreads those that failed together."""
    times: int = 4 ** min(attempts - 1, 20)
    whole = min(FIRST_PAUSE * times, LONGEST_PAUSE)
    return whole * (0.75 + chance / 2)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
