"""Pure decisions of the identity server: lifetimes, redirects, passwords, lock-out, key rotation.

Sources: RFC 9700 (OAuth security), OAuth 2.1 draft, RFC 8252 §7.3 (loopback ports), GB/T 22239-2019 8.1.4.1
(complexity, lock-out, idle time-out at level 3). The figures here are the platform's own, none of a
regulation.
"""

import ipaddress
import string
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import SplitResult, urlsplit

from kernel.errors import Text

ACCESS_LIFETIME = timedelta(minutes=5)
"""Edges refuse revoked tokens at once; five minutes bound what a broken feed could let through."""
CODE_LIFETIME = timedelta(seconds=60)
REFRESH_LIFETIME = timedelta(hours=8)
"""One working day: who comes back the next morning signs in again."""
FAMILY_LIFETIME = timedelta(hours=24)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)

PASSWORD_AGE = timedelta(days=180)
"""Passwords are replaced in time (GB/T 22239-2019 8.1.4.1)."""
LINK_LIFETIME = timedelta(hours=24)
REMOVAL_LIFETIME = timedelta(hours=72)
"""Within this time the second administrator must have decided on a lost second factor."""

CODE_DIGITS = 6
CODE_TRIES = 5
CODE_VALID = timedelta(minutes=10)
"""A code by message: guessed with probability 5 in a million, within ten minutes."""
CODES_EVERY = timedelta(minutes=1)
CODES_PER_HOUR = 5
"""For one phone or user name."""
ASKED_PER_HOUR = 60
"""From one address: a whole office may stand behind it."""

MAX_TRIES = 5
LOCK = timedelta(minutes=15)

KEY_ANNOUNCED = timedelta(minutes=15)
"""A new key stands in the key set this long before it signs, so that every cache has it by then."""
KEY_KEPT = timedelta(minutes=30)
"""A replaced key stays in the key set longer than the last token it signed can live."""

PASSWORD_LENGTH = (10, 128)
"""Fewer characters fall to guessing; more only cost argon2 time."""
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
REQUIRED_CLASSES = 3

ASCII_NO_QUOTE = frozenset(chr(code) for code in range(0x21, 0x7F)) - {'"', "\\"}
"""What RFC 6749 lets stand in error texts, of what can stand in the parameters echoed there."""


def password_findings(password: str, user_name: str) -> list[Text]:
    """What is wrong with a password, in words for the page; empty when it will do."""
    shortest, longest = PASSWORD_LENGTH
    findings = []
    if not shortest <= len(password) <= longest:
        findings.append(Text(f"口令应为{shortest}至{longest}个字符", f"Use {shortest} to {longest} characters."))
    used = sum(any(char in kind for char in password) for kind in _CLASSES)
    used += any(all(char not in kind for kind in _CLASSES) for char in password)
    if used < REQUIRED_CLASSES:
        findings.append(
            Text(
                "口令应含大写字母、小写字母、数字、其他字符中的至少三类",
                "Use at least three of: capitals, small letters, digits, other characters.",
            )
        )
    if user_name and user_name.casefold() in password.casefold():
        findings.append(Text("口令不得包含用户名", "Do not use the user name in the password."))
    return findings


def redirect_matches(registered: Sequence[str], requested: str) -> bool:
    """Exact string match; only the port of a registered loopback address may differ (RFC 8252 §7.3)."""
    return requested in registered or any(_same_but_port(uri, requested) for uri in registered)


def _same_but_port(registered: str, requested: str) -> bool:
    try:
        known, asked = urlsplit(registered), urlsplit(requested)
        known_port, asked_port = known.port, asked.port
    except ValueError:
        return False
    if known.scheme != "http" or not _loopback_ip(known.hostname) or asked.hostname is None:
        return False
    # Rebuilt from its parts and compared as text: userinfo, odd case or spelling of the port cannot slip
    # through.
    return asked_port != known_port and requested == _with_port(known, asked_port)


def _with_port(known: SplitResult, port: int | None) -> str:
    host = f"[{known.hostname}]" if ":" in (known.hostname or "") else (known.hostname or "")
    return known._replace(netloc=host if port is None else f"{host}:{port}").geturl()


def _loopback_ip(host: str | None) -> bool:
    """An IP literal of the loopback. `localhost` is a name that could resolve elsewhere; it must match
    exactly."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def redirect_findings(uri: str) -> str | None:
    """Why a redirect address cannot be registered, or None. https, or http on this machine, or an app's
    scheme."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not an address"
    if parts.fragment or parts.username or parts.password or not set(uri) <= ASCII_NO_QUOTE or "*" in uri:
        return "it has a fragment, a user, a wildcard or characters that an address does not have"
    if parts.scheme == "https" and host:
        return None
    if parts.scheme == "http":
        return None if host == "localhost" or _loopback_ip(host) else "http is only for this machine"
    # RFC 8252 §7.1: an app's own scheme is a reversed domain name, which no page of the web can claim.
    return None if "." in parts.scheme else "it is neither https nor the scheme of an app"


def agent_words(agent: str) -> str:
    """What a browser calls itself, as far as its user needs it to know it again: "Firefox, Windows"."""
    program = next((name for sign, name in _PROGRAMS if sign in agent), "")
    machine = next((name for sign, name in _MACHINES if sign in agent), "")
    return ", ".join(word for word in (program, machine) if word)


_PROGRAMS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""The first that fits: later ones are claimed by others too."""


def after_failure(failed_tries: int, now: datetime) -> tuple[int, datetime | None]:
    """Count one more failed try: the new count, and until when the account is locked when that was the
    last."""
    tries = failed_tries + 1
    return (0, now + LOCK) if tries >= MAX_TRIES else (tries, None)


class TimedKey(Protocol):
    """A signing key as far as rotation looks at it."""

    @property
    def active_from(self) -> datetime:
        """From when it may sign."""

    @property
    def published_until(self) -> datetime | None:
        """Until when it stands in the key set; None while it has no successor."""


K = TypeVar("K", bound=TimedKey)


def signing(keys: Iterable[K], now: datetime) -> K | None:
    """The key to sign with: the newest that is active."""
    return max((key for key in keys if key.active_from <= now), key=lambda key: key.active_from, default=None)


def published(keys: Iterable[K], now: datetime) -> list[K]:
    """The keys that verify: active, announced, and replaced ones while tokens of theirs may live."""
    return [key for key in keys if key.published_until is None or key.published_until > now]
