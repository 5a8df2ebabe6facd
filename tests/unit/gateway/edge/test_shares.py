"""Shares of the rate limits, as the gateway gives them out: whatever happens, together at most the whole."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from gateway.edgefeed.shares import Shares

LEASE = 5.0


@dataclass
class World:
    """A gateway and edges that use what they were last told, for as long as their lease runs."""

    now: float = 0.0
    told: dict[str, tuple[int, float]] = field(default_factory=dict)
    on_the_way: dict[str, tuple[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shares = Shares(LEASE, lambda: self.now)

    def uses(self, edge: str) -> int:
        parts, until = self.told.get(edge, (0, 0.0))
        return parts if until > self.now else 0

    def beat(self, edge: str, *, arrives: bool = True) -> int:
        parts = self.shares.grant(edge, self.uses(edge))
        if parts:
            self.on_the_way[edge] = parts, self.now + LEASE
        if arrives:
            self.arrive(edge)
        return parts

    def arrive(self, edge: str) -> None:
        if edge in self.on_the_way:
            self.told[edge] = self.on_the_way.pop(edge)

    def whole(self) -> float:
        return sum(1 / parts for edge in self.told if (parts := self.uses(edge)))


def test_one_edge_has_the_whole_and_a_second_waits_for_its_half() -> None:
    world = World()
    assert [world.beat("a"), world.beat("b"), world.beat("a"), world.beat("b")] == [1, 0, 2, 0]
    assert [world.beat("a"), world.beat("b")] == [2, 2]


def test_a_share_told_but_not_yet_heard_still_counts() -> None:
    world = World()
    world.beat("a")
    assert [world.beat("a"), world.beat("b"), world.beat("a", arrives=False), world.beat("b")] == [1, 0, 2, 0]
    world.arrive("a")
    assert [world.beat("a"), world.beat("b")] == [2, 2]


def test_an_edge_that_was_started_again_takes_over_its_own_share_at_once() -> None:
    world = World()
    for edge in "abaab":
        world.beat(edge)
    world.told.pop("b")
    assert [world.beat("b"), world.beat("a")] == [2, 2]


def test_what_one_leaves_is_free_when_its_lease_has_run_out() -> None:
    world = World()
    for edge in "abaab":
        world.beat(edge)
    world.now = LEASE - 0.1
    assert world.beat("a") == 2
    world.now = LEASE + 0.1
    assert world.beat("a") == 1


def test_a_gateway_that_is_new_raises_nobodys_share_before_the_others_can_have_come_back() -> None:
    world = World()
    for edge in "abaab":
        world.beat(edge)
    world.now += 1
    world.__post_init__()
    assert world.beat("a") == 2
    assert world.beat("b") == 2
    world.now += LEASE + 1
    assert world.beat("a") == 1


STEPS = st.tuples(st.sampled_from("abcd"), st.booleans(), st.floats(0, 3))


@given(st.lists(STEPS, max_size=60))
def test_together_never_above_the_whole(steps: list[tuple[str, bool, float]]) -> None:
    world = World()
    for edge, arrives, pause in steps:
        world.beat(edge, arrives=arrives)
        assert world.whole() <= 1 + 1e-6
        world.now += pause
        world.arrive(edge)
        assert world.whole() <= 1 + 1e-6
