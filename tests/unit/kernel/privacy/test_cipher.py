"""The format of encrypted values, byte by byte where later versions must read it."""

import pytest

from kernel.privacy.cipher import DataKey, Unreadable, decrypt, encrypt, key_version

KEY = DataKey(3, bytes(32))


def test_the_header_names_format_algorithm_and_key_version() -> None:
    stored = encrypt(KEY, b"value", b"place")
    assert stored[:4] == bytes((1, 1, 0, 3))
    assert key_version(stored) == 3
    assert len(stored) == 4 + 12 + len(b"value") + 16


def test_two_encryptions_of_one_value_differ() -> None:
    assert encrypt(KEY, b"value", b"place") != encrypt(KEY, b"value", b"place")


@pytest.mark.parametrize("place", range(37))
def test_no_byte_can_be_changed(place: int) -> None:
    stored = bytearray(encrypt(KEY, b"value", b"place"))
    stored[place] ^= 1
    with pytest.raises(Unreadable):
        decrypt(KEY, bytes(stored), b"place")


def test_a_value_opens_only_where_it_belongs() -> None:
    stored = encrypt(KEY, b"value", b"place")
    assert decrypt(KEY, stored, b"place") == b"value"
    for key, bound_to in ((KEY, b"elsewhere"), (DataKey(3, bytes([1]) * 32), b"place")):
        with pytest.raises(Unreadable):
            decrypt(key, stored, bound_to)


def test_neither_key_nor_error_shows_anything() -> None:
    assert repr(KEY) == "DataKey(version=3)"
    with pytest.raises(Unreadable) as refused:
        decrypt(KEY, b"", b"place")
    assert refused.value.__cause__ is None
