"""What each process may do on the broker: publish its own news, hear others' through consumers, no more."""

from typing import Any

from kernel.config import DATABASES

OPERATOR = "operator"
"""For doctor, repairs and tests of faults: manages streams and consumers, publishes no news."""


def stream_of(process: str) -> str:
    """The one stream that a process publishes to."""
    return f"SHEGONG_{process.upper()}"


def rights_of(process: str) -> dict[str, Any]:
    """The permissions of one process' user, in the words of the server's configuration.

    Everything not allowed is denied. NATS has no wildcard inside a token, so a right on consumers is one on
    every consumer's name; at worst such a process could make another wait, never speak in its name.
    """
    own = stream_of(process)
    return {
        "publish": [
            f"shegong.{process}.>",
            f"{inbox_of(process)}.relay",
            "$JS.API.INFO",
            "$JS.API.STREAM.NAMES",
            "$JS.API.STREAM.LIST",
            "$JS.API.STREAM.INFO.*",
            f"$JS.API.STREAM.CREATE.{own}",
            f"$JS.API.STREAM.UPDATE.{own}",
            f"$JS.API.STREAM.MSG.GET.{own}",
            f"$JS.API.DIRECT.GET.{own}",
            f"$JS.API.DIRECT.GET.{own}.>",
            "$JS.API.CONSUMER.CREATE.>",
            "$JS.API.CONSUMER.DURABLE.CREATE.>",
            "$JS.API.CONSUMER.INFO.>",
            "$JS.API.CONSUMER.NAMES.>",
            "$JS.API.CONSUMER.LIST.>",
            "$JS.API.CONSUMER.MSG.NEXT.>",
            "$JS.API.CONSUMER.DELETE.>",
            "$JS.ACK.>",
        ],
        "subscribe": [f"{inbox_of(process)}.>"],
    }


def inbox_of(process: str) -> str:
    """The prefix of the subjects on which this user, and no other, hears answers."""
    return f"_INBOX.{process}"


def users(passwords: dict[str, str]) -> list[dict[str, Any]]:
    """All users of the server's configuration."""
    listed = [
        {"user": process, "password": passwords[process], "permissions": rights_of(process)} for process in DATABASES
    ]
    rights = {"publish": ["$JS.API.>", "$JS.ACK.>"], "subscribe": [f"{inbox_of(OPERATOR)}.>", "$JS.EVENT.>"]}
    listed.append({"user": OPERATOR, "password": passwords[OPERATOR], "permissions": rights})
    return listed
