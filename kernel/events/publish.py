"""Publishing with confirmation: an atomic batch is one group commit on the broker's disk.

nats-py has no helper for batches: `Nats-Batch-Id`, `Nats-Batch-Sequence` 1…n and `Nats-Batch-Commit` on the
last, which goes by request, the rest by plain publish. One Msg-Id that the stream knows already refuses
the whole batch (error 10201), as after a relay that died between confirmation and its own commit: then the
messages go one by one, where `duplicate: true` is success.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nats.errors import NoRespondersError

from kernel.events.client import Broker, Message, Written
from kernel.events.nats import stream_of
from kernel.ids import new_id

BATCH = 256
"""Messages per batch: 51,000/s against 2,700/s one by one; the server's limit is 1,000."""
BATCH_BYTES = 1_000_000
"""Below the client's pending buffer of 2 MiB, so a batch is never refused half-way by it."""
AT_ONCE = 32
"""Messages sent before whatever else is due has its turn; the broker begins with them meanwhile."""
CONFIRM_SECONDS = 5
_INCOMPLETE = 10176
_KNOWN_ID = 10201
_NO_STREAM = (10059, 10060)


class StreamMissing(Exception):
    """No stream takes these subjects, or another one does: it was lost and has to be made again."""


class NotConfirmed(Exception):
    """The broker refused or did not answer.

    Whether it stored the messages is not known; repeating is safe.
    """


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to go."""

    id: str
    subject: str
    lines: str
    """Its headers, each ended by CRLF."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Stream sequences of the first messages, in order; `error` is what stopped at the next one, if any."""

    sequences: list[int]
    error: Exception | None = None


def fitting(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """The first messages that together keep below `BATCH_BYTES`, at least one."""
    size = 0
    for place, message in enumerate(messages):
        size += len(message.body)
        if place and size > BATCH_BYTES:
            return list(messages[:place])
    return list(messages)


@dataclass(frozen=True, slots=True)
class Staged:
    """A batch that the broker has, but for the last message: none of it is in the stream before that one comes."""

    id: str
    messages: Sequence[Outgoing]


async def publish(client: Broker, process: str, messages: Sequence[Outgoing]) -> Confirmed:
    """Publish in the given order. Raises `StreamMissing` or `NotConfirmed` when nothing is confirmed."""
    return await commit(client, process, await stage(client, process, messages))


async def stage(client: Broker, process: str, messages: Sequence[Outgoing]) -> Staged:
    """Send all but the last, asking for no answer: whatever was wrong with one, the last is told so.

    A batch that never gets its last message is forgotten by the broker after ten seconds.
    """
    staged = Staged(new_id().hex, messages)
    written = [_in_batch(process, staged, place) for place in range(1, len(messages))]
    for at in range(0, len(written), AT_ONCE):
        await client.publish_written(written[at : at + AT_ONCE])
        await asyncio.sleep(0)
    return staged


async def commit(client: Broker, process: str, staged: Staged) -> Confirmed:
    """Send the last: the whole batch is stored in the order given. Raises as `publish`."""
    messages = staged.messages
    if len(messages) > 1:
        answer = await _last(client, process, staged)
        if _code(answer) == _INCOMPLETE:
            # It lay too long, or the connection was another one meanwhile.
            answer = await _last(client, process, await stage(client, process, messages))
        if _code(answer) != _KNOWN_ID:
            last = _sequence(answer)
            return Confirmed(list(range(last - len(messages) + 1, last + 1)))
    return await _one_by_one(client, process, messages)


async def _one_by_one(client: Broker, process: str, messages: Sequence[Outgoing]) -> Confirmed:
    sequences: list[int] = []
    for message in messages:
        try:
            sequences.append(_sequence(await _request(client, _alone(process, message))))
        except (StreamMissing, NotConfirmed) as error:
            # A later message of the same aggregate must not overtake, so the rest waits for the next pass.
            if not sequences:
                raise
            return Confirmed(sequences, error)
    return Confirmed(sequences)


async def _last(client: Broker, process: str, staged: Staged) -> dict[str, Any]:
    subject, lines, body = _in_batch(process, staged, len(staged.messages))
    return await _request(client, (subject, f"{lines}Nats-Batch-Commit: 1\r\n", body))


def _in_batch(process: str, staged: Staged, place: int) -> Message:
    subject, lines, body = _alone(process, staged.messages[place - 1])
    return subject, f"{lines}Nats-Batch-Id: {staged.id}\r\nNats-Batch-Sequence: {place}\r\n", body


def _alone(process: str, message: Outgoing) -> Message:
    lines = f"{message.lines}Nats-Msg-Id: {message.id}\r\nNats-Expected-Stream: {stream_of(process)}\r\n"
    return message.subject, lines, message.body


async def _request(client: Broker, message: Message) -> dict[str, Any]:
    subject, lines, body = message
    try:
        reply = await client.request(subject, body, timeout=CONFIRM_SECONDS, headers=Written(lines))
    except NoRespondersError as error:
        raise StreamMissing from error
    except (TimeoutError, OSError) as error:
        raise NotConfirmed(type(error).__name__) from error
    answer: dict[str, Any] = json.loads(reply.data)
    return answer


def _code(answer: dict[str, Any]) -> int | None:
    code: int | None = answer.get("error", {}).get("err_code")
    return code


def _sequence(answer: dict[str, Any]) -> int:
    error = answer.get("error")
    if error:
        if error.get("err_code") in _NO_STREAM:
            raise StreamMissing
        raise NotConfirmed(f"{error.get('err_code')}: {error.get('description')}")
    return int(answer["seq"])
