"""The ranking: the same whatever the order of the record, ties explained, priority never a point (NM-8, NM-10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import RuleRefused, WrongState
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary
from services.recruitment.ranking import rules
from services.recruitment.ranking.rules import Contender, Place, Standing, TurnOf
from services.recruitment.terms import Terms

TERMS = Terms(
    written_weight=4000,
    interview_weight=6000,
    written_pass=None,
    interview_pass=None,
    interview_ratio=3,
    tie_break=("written", "interview"),
    decimals=2,
    replacement_rounds=1,
    ours=(),
)
DAY = date(2024, 9, 30)


def number(value: int) -> UUID:
    return UUID(int=value)


def contender(which: int, written: str, interview: str, priority: tuple[Finding, ...] = ()) -> Contender:
    return Contender(number(which), Decimal(written), Decimal(interview), True, priority)


def ranks(places: Sequence[Place]) -> dict[int, int | None]:
    return {place.id.int: place.rank for place in places}


def findings(pack: Pack, **facts: object) -> tuple[Finding, ...]:
    return tuple(pack.evaluate_group(vocabulary.PRIORITY, rules.unproved(pack, facts, DAY), on=DAY))


SCORES = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)
FEW = st.sampled_from([Decimal("60.00"), Decimal("70.00"), Decimal("80.00")])
"""So few values that ties are the rule."""


@st.composite
def fields(draw: st.DrawFn, scores: st.SearchStrategy[Decimal] = FEW) -> list[Contender]:
    size = draw(st.integers(1, 8))
    met = Finding("priority.x", "NM-10(1)", "words", {}, "met", None, rules.NAMES["written"])
    return [
        Contender(number(n + 1), draw(scores), draw(scores), True, (met,) if draw(st.booleans()) else ())
        for n in range(size)
    ]


@pytest.mark.article("NM-8", "NM-10")
@given(fields(), st.randoms())
def test_the_order_of_the_record_changes_nothing(field: list[Contender], random: object) -> None:
    shuffled = list(field)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert rules.places(shuffled, TERMS) == rules.places(field, TERMS)


@pytest.mark.article("NM-8")
@given(fields())
def test_ranks_are_those_of_competition_and_totals_never_rise_downwards(field: list[Contender]) -> None:
    places = rules.places(field, TERMS)
    assert len(places) == len(field)
    seen = [place.rank for place in places if place.rank is not None]
    for index, rank in enumerate(seen):
        assert rank == index + 1 or rank == seen[index - 1]
    totals = [place.total for place in places if place.total is not None]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.article("NM-10")
@given(fields())
def test_priority_moves_nobody_past_a_higher_total_and_decides_every_tie_it_can(field: list[Contender]) -> None:
    known = {each.id: each for each in field}
    places = rules.places(field, TERMS)
    for ahead, behind in pairwise(places):
        assert ahead.total is not None
        assert behind.total is not None
        assert ahead.total >= behind.total
        if ahead.total == behind.total:
            assert bool(known[ahead.id].preferred) >= bool(known[behind.id].preferred)
            assert ahead.why
            assert behind.why


@pytest.mark.article("NM-8")
@given(fields(), st.integers(0, 7), st.integers(1, 2000))
def test_a_better_score_never_lowers_the_rank(field: list[Contender], which: int, cents: int) -> None:
    chosen = field[which % len(field)]
    assert chosen.interview is not None
    better = replace(chosen, interview=chosen.interview + Decimal(cents) / 100)
    before = ranks(rules.places(field, TERMS))[chosen.id.int]
    after = ranks(rules.places([better if each is chosen else each for each in field], TERMS))[chosen.id.int]
    assert before is not None
    assert after is not None
    assert after <= before


@pytest.mark.article("NM-8")
@given(SCORES, SCORES, st.integers(0, 10_000))
def test_the_composition_is_exact_and_rounded_half_up_once(written: Decimal, interview: Decimal, weight: int) -> None:
    terms = replace(TERMS, written_weight=weight, interview_weight=10_000 - weight)
    exact = written * weight + interview * (10_000 - weight)  # in ten-thousandths
    total = terms.total(written, interview)
    assert abs(total * 10_000 - exact) <= 50
    assert total == (exact / 100 + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR") / 100
    assert min(written, interview) <= total <= max(written, interview)


@pytest.mark.parametrize(
    ("written", "interview", "total"),
    [("80.01", "80.01", "80.01"), ("80.00", "80.01", "80.01"), ("80.01", "80.00", "80.00")],
)
def test_half_a_hundredth_goes_up(written: str, interview: str, total: str) -> None:
    # 80.00·0.4 + 80.01·0.6 = 80.006; 80.01·0.4 + 80.00·0.6 = 80.004
    assert TERMS.total(Decimal(written), Decimal(interview)) == Decimal(total)
    halves = replace(TERMS, written_weight=5000, interview_weight=5000)
    assert halves.total(Decimal("80.00"), Decimal("80.01")) == Decimal("80.01")


@pytest.mark.article("NM-10")
@pytest.mark.parametrize(
    ("facts", "articles"),
    [
        ({"social_work_certificate": True}, ["NM-10(1)"]),
        ({"urgently_needed_professional": True}, ["NM-10(2)"]),
        ({"full_time_community_post": True, "full_time_community_post_since": "2024-08-20"}, ["NM-10(3)"]),
        ({"full_time_community_post": True, "full_time_community_post_since": "2024-08-21"}, []),
        ({"social_work_certificate": False}, []),
        ({}, []),
    ],
)
def test_each_class_gives_priority_and_what_nobody_checked_gives_none(
    neimenggu: Pack, facts: dict[str, object], articles: list[str]
) -> None:
    made = contender(1, "80.00", "84.00", findings(neimenggu, **facts))
    assert [each.article for each in made.preferred] == articles
    # The other is better in the part that the notice compares first, at an equal total.
    places = rules.places([made, contender(2, "86.00", "80.00")], TERMS)
    assert ranks(places) == ({1: 1, 2: 2} if articles else {2: 1, 1: 2})


@pytest.mark.article("NM-10")
def test_the_three_classes_have_no_order_and_two_are_no_more_than_one(neimenggu: Pack) -> None:
    classes = [
        {"social_work_certificate": True},
        {"urgently_needed_professional": True},
        {"social_work_certificate": True, "urgently_needed_professional": True},
    ]
    for order in permutations(range(3)):
        field = [contender(n + 1, "80.00", "80.00", findings(neimenggu, **classes[order[n]])) for n in range(3)]
        assert set(ranks(rules.places(field, TERMS)).values()) == {1}
    within = [
        contender(1, "80.00", "84.00", findings(neimenggu, **classes[2])),
        contender(2, "86.00", "80.00", findings(neimenggu, **classes[0])),
    ]
    assert ranks(rules.places(within, TERMS)) == {2: 1, 1: 2}, "within the preferred the notice decides"


@pytest.mark.article("NM-8")
def test_who_is_absent_or_below_a_line_is_not_ranked() -> None:
    terms = replace(TERMS, written_pass=Decimal("60.00"), interview_pass=Decimal("60.00"))
    field = [
        contender(1, "60.00", "60.00"),
        contender(2, "59.99", "99.00"),
        contender(3, "99.00", "59.99"),
        Contender(number(4), None, None, False),
        Contender(number(5), Decimal("80.00"), None, True),
        Contender(number(6), Decimal("80.00"), None, False),
    ]
    places = rules.places(field, terms)
    assert ranks(places) == {1: 1, 2: None, 3: None, 4: None, 5: None, 6: None}
    assert all(place.why for place in places if place.rank is None)


def standing(*states: str) -> list[Standing]:
    return [Standing(number(place), place, state) for place, state in enumerate(states, 1)]


@pytest.mark.article("NM-8")
@pytest.mark.parametrize(
    ("states", "posts", "rounds", "turns"),
    [
        (["qualified"] * 3, 1, 1, {1: 0}),
        (["failed", "qualified", "qualified"], 1, 1, {1: 0, 2: 1}),
        (["failed", "qualified", "qualified"], 1, 0, {1: 0}),
        (["failed", "failed", "qualified"], 1, 1, {1: 0, 2: 1}),
        (["failed", "failed", "qualified"], 1, 2, {1: 0, 2: 1, 3: 2}),
        (["failed", "failed", "qualified", "qualified"], 2, 1, {1: 0, 2: 0, 3: 1, 4: 1}),
        (["not_hired", "hired", "qualified"], 2, 1, {1: 0, 2: 0, 3: 1}),
        (["proposed", "hired", "qualified"], 2, 1, {1: 0, 2: 0}),
        (["failed"], 1, 1, {1: 0}),
    ],
)
def test_the_next_in_rank_moves_up_so_many_rounds(
    states: list[str], posts: int, rounds: int, turns: dict[int, int]
) -> None:
    found = rules.turns(standing(*states), posts, rounds)
    assert {each.int: turn.round for each, turn in found.items()} == turns


@given(
    st.lists(st.sampled_from(["qualified", "failed", "hired"]), min_size=1, max_size=9),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_a_turn_never_passes_over_somebody_better_and_never_gives_too_many(
    states: list[str], posts: int, rounds: int
) -> None:
    field = standing(*states)
    found = rules.turns(field, posts, rounds)
    assert [each.id in found for each in field] == sorted((each.id in found for each in field), reverse=True)
    assert sum(each.id in found and each.state not in rules.OUT for each in field) <= posts
    assert all(turn.round <= rounds for turn in found.values())


def test_all_who_share_the_last_rank_have_their_turn() -> None:
    shared = [
        Standing(number(1), 1, "qualified"),
        Standing(number(2), 2, "qualified"),
        Standing(number(3), 2, "qualified"),
    ]
    assert rules.turns(shared, 2, 1) == {number(n): TurnOf(0) for n in (1, 2, 3)}


@pytest.mark.article("NM-8", "NM-10")
def test_out_of_turn_is_refused_with_the_article_that_decided(neimenggu: Pack) -> None:
    mine = Standing(number(2), 2, "qualified")
    rules.check_turn(neimenggu, mine, TurnOf(0), 1, [])
    for why, article in (
        ([], "NM-8(4)"),
        ([{"zh": "同分", "en": "tie", "article": "NM-10(1)", "findings": []}], "NM-10(1)"),
    ):
        with pytest.raises(RuleRefused) as refused:
            rules.check_turn(neimenggu, mine, None, 1, why)
        assert refused.value.article == article


@pytest.mark.article("NM-10")
def test_a_tie_is_why_a_turn_is_missing_only_where_the_turn_went_to_an_equal_total() -> None:
    first, won, lost = (
        Standing(number(1), 1, "qualified", Decimal("89.00")),
        Standing(number(2), 2, "qualified", Decimal("84.51")),
        Standing(number(3), 3, "qualified", Decimal("84.51")),
    )
    field = [first, won, lost]
    assert not any(rules.lost_in_tie(each, field, rules.turns(field, 1, 1)) for each in (won, lost))
    field = [replace(first, state="failed"), won, lost]
    moved_up = rules.turns(field, 1, 1)
    assert not rules.lost_in_tie(won, field, moved_up)
    assert rules.lost_in_tie(lost, field, moved_up)


@pytest.mark.article("NM-8")
def test_nobody_ahead_loses_a_place_and_a_shared_rank_needs_a_reason(neimenggu: Pack) -> None:
    first, second, third = (Standing(number(n), rank, "qualified") for n, rank in ((1, 1), (2, 2), (3, 2)))
    with pytest.raises(WrongState):
        rules.check_room(neimenggu, second, [first, third], 2, None)
    rules.check_room(neimenggu, second, [first, third], 2, "加试")
    rules.check_room(neimenggu, first, [second, third], 2, None)
    taken = replace(third, state="proposed")
    with pytest.raises(RuleRefused):
        rules.check_room(neimenggu, second, [first, taken], 2, "加试")
