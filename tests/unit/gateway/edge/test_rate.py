import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge import rate
from gateway.edge.circuit import FAILURES, OPEN_SECONDS, Circuit
from gateway.edge.rate import Bulkhead, Limiter, Rate


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    limiter = Limiter(Rate("client", 2.0, 3.0))
    assert [limiter.take("a", 0.0).allowed for _ in range(4)] == [True, True, True, False]
    refused = limiter.take("a", 0.0)
    assert (refused.remaining, refused.reset, refused.retry_after) == (0, 2, 1)
    assert limiter.take("a", 0.5).allowed
    assert not limiter.take("a", 0.5).allowed
    assert limiter.take("b", 0.0).allowed
    assert limiter.policy == b'"client";q=3;w=2'


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=200), st.sampled_from([1.0, 0.5, 0.25]))
def test_never_more_than_burst_and_rate_together(pauses: list[float], share: float) -> None:
    limiter, now, given_out = Limiter(Rate("client", 5.0, 8.0)), 0.0, 0
    for pause in pauses:
        now += pause
        given_out += limiter.take("a", now, share).allowed
    assert given_out <= (8.0 + 5.0 * now) * share + 1e-6


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "BUCKETS", 3)
    limiter = Limiter(Rate("client", 1.0, 1.0))
    for key in range(10):
        limiter.take(key, 0.0)
    assert len(limiter._buckets) == 3


def test_a_bulkhead_has_so_many_places_for_each() -> None:
    lanes = Bulkhead(2)
    assert [lanes.enter("a"), lanes.enter("a"), lanes.enter("a"), lanes.enter("b")] == [True, True, False, True]
    lanes.leave("a")
    assert lanes.enter("a")
    for key in ("a", "a", "b"):
        lanes.leave(key)
    assert lanes._taken == {}


def failing(circuit: Circuit, times: int, now: float = 0.0) -> Circuit:
    for _ in range(times):
        circuit.failed(now)
    return circuit


def test_a_circuit_opens_after_a_row_of_failures_only() -> None:
    circuit = failing(Circuit(), FAILURES - 1)
    assert circuit.admits(0.0, 1.0)
    circuit.succeeded()
    failing(circuit, FAILURES - 1)
    assert circuit.admits(0.0, 1.0)
    circuit.failed(0.0)
    assert not circuit.admits(0.0, 1.0)


def test_half_open_lets_one_probe_through() -> None:
    circuit, later = failing(Circuit(), FAILURES), OPEN_SECONDS + 0.1
    assert circuit.admits(later, 5.0)
    assert not circuit.admits(later, 5.0)
    circuit.failed(later)
    assert not circuit.admits(later, 5.0)
    assert circuit.admits(later + OPEN_SECONDS, 5.0)
    circuit.succeeded()
    assert circuit.admits(later + OPEN_SECONDS, 5.0)
    assert not circuit.is_open


def test_a_probe_that_never_reports_does_not_block_for_ever() -> None:
    circuit = failing(Circuit(), FAILURES)
    assert circuit.admits(2.0, 5.0)
    assert not circuit.admits(6.9, 5.0)
    assert circuit.admits(7.0, 5.0)
