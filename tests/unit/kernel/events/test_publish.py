"""How much goes into one batch: as many as fit, and always at least one."""

from kernel.events.publish import BATCH_BYTES, Outgoing, fitting


def _message(size: int) -> Outgoing:
    return Outgoing("id", "subject", "", b"x" * size)


def test_a_batch_stays_below_its_bytes_on_both_sides_of_the_limit() -> None:
    half = BATCH_BYTES // 2
    assert len(fitting([_message(half), _message(half)])) == 2
    assert len(fitting([_message(half), _message(half), _message(1)])) == 2


def test_one_message_over_the_limit_still_goes() -> None:
    assert len(fitting([_message(BATCH_BYTES + 1), _message(1)])) == 1


def test_nothing_fits_nothing() -> None:
    assert fitting([]) == []
