import asyncio

import pytest

from gateway.edgefeed.messages import Beat, Confirm, ToGateway, to_gateway
from gateway.edgefeed.wire import FRAME_LIMIT, GREETING_LIMIT, Channel, StreamBroken

KEY, NONCES = b"k" * 32, (b"g" * 32, b"e" * 32)


class Wire:
    """What a channel writes, kept instead of sent."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.frames.append(data)


def sealed_frames(*messages: Beat | Confirm) -> list[bytes]:
    wire = Wire()
    channel: Channel[ToGateway] = Channel(asyncio.StreamReader(), wire, to_gateway)  # type: ignore[arg-type]
    channel.seal(KEY, "edge", *NONCES)
    for message in messages:
        channel.put(message)
    return wire.frames


async def read(frames: list[bytes], number: int, key: bytes = KEY) -> list[ToGateway]:
    reader = asyncio.StreamReader()
    reader.feed_data(b"".join(frames))
    reader.feed_eof()
    channel: Channel[ToGateway] = Channel(reader, Wire(), to_gateway)  # type: ignore[arg-type]
    channel.seal(key, "gateway", *NONCES)
    return [await channel.get() for _ in range(number)]


async def test_sealed_frames_arrive_in_order() -> None:
    assert await read(sealed_frames(Beat(1, 0), Confirm(2)), 2) == [Beat(1, 0), Confirm(2)]


async def test_a_frame_altered_repeated_left_out_swapped_or_under_another_key_ends_the_stream() -> None:
    one, two = sealed_frames(Beat(1, 0), Beat(2, 0))
    altered = one[:-1] + bytes([one[-1] ^ 1])
    for frames in ([altered], [one, one], [two], [two, one], [one[:20]]):
        with pytest.raises(StreamBroken):
            await read(frames, len(frames))
    with pytest.raises(StreamBroken):
        await read([one], 1, key=b"x" * 32)


@pytest.mark.parametrize(("limit", "sealed"), [(GREETING_LIMIT, False), (FRAME_LIMIT, True)])
async def test_a_frame_that_announces_too_much_is_not_read(limit: int, sealed: bool) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data((limit + 1).to_bytes(4, "big"))
    channel: Channel[ToGateway] = Channel(reader, Wire(), to_gateway)  # type: ignore[arg-type]
    if sealed:
        channel.seal(KEY, "gateway", *NONCES)
    with pytest.raises(StreamBroken, match="too long"):
        await channel.get()
