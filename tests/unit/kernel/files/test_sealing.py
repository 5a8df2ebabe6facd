"""Sealed contents open to what they were, and to nothing once a bit was changed, cut off or moved."""

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.files.sealing import SEGMENT, new_key, seal, unseal
from kernel.privacy.cipher import Unreadable

KEY = new_key()


async def parts(content: bytes, size: int) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def sealed(content: bytes, size: int = 1000) -> bytes:
    return b"".join([part async for part in seal(parts(content, size), KEY, b"here")])


async def opened(content: bytes, *, key: bytes = KEY, bound_to: bytes = b"here", size: int = 777) -> bytes:
    return b"".join([part async for part in unseal(parts(content, size), key, bound_to)])


@pytest.mark.parametrize("length", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 1])
async def test_what_was_sealed_opens_whatever_the_parts(length: int) -> None:
    content = bytes(n % 251 for n in range(length))
    for size in (1, 1000, SEGMENT, 3 * SEGMENT):
        if size == 1 and length > 10:
            continue
        assert await opened(await sealed(content, size), size=max(size, 7)) == content


@pytest.mark.parametrize("length", [10, SEGMENT, SEGMENT + 10, 2 * SEGMENT])
async def test_cut_off_or_lengthened_it_does_not_open(length: int) -> None:
    whole = await sealed(bytes(length))
    for wrong in (b"", whole[:5], whole[:-1], whole[: 8 + SEGMENT + 16], whole + b"x"):
        if wrong != whole:
            with pytest.raises(Unreadable):
                await opened(wrong)


async def test_neither_another_key_nor_another_place_opens_it() -> None:
    whole = await sealed(b"content")
    for wrong in ({"key": new_key()}, {"bound_to": b"there"}):
        with pytest.raises(Unreadable):
            await opened(whole, **wrong)


@given(st.integers(0, 10_000), st.integers(0, 7))
@settings(max_examples=40, deadline=None)
async def test_any_changed_bit_is_seen(place: int, bit: int) -> None:
    whole = bytearray(await sealed(bytes(100)))
    whole[place % len(whole)] ^= 1 << bit
    with pytest.raises(Unreadable):
        await opened(bytes(whole))
