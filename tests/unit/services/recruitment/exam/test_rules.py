"""Seats nobody chose, rows that are right or named, ties that enter together (NM-8)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.exam import rules
from services.recruitment.exam.rules import Row, Sitter
from services.recruitment.terms import Part
from tests.unit.services.recruitment.ranking.test_rules import TERMS

NOTICE = UUID(int=99)


def sitter(which: int, **changes: bool) -> Sitter:
    given = {"awaited": True, "absent": False, "scored": False} | changes
    return Sitter(UUID(int=which), f"T{which}", **given)


def row(ticket: str | None, score: str | None, application: int | None = None) -> Row:
    return Row(ticket, None if application is None else UUID(int=application), [("", score, False, None)])


def faults(
    rows: Sequence[Row], sitters: Sequence[Sitter], *, correcting: bool = False, part: Part = "written"
) -> list[str]:
    _, errors = rules.read_rows(rows, sitters, correcting=correcting, part=part, places=2)
    return [error.pointer for error in errors]


@given(st.integers(1, 40), st.randoms())
def test_every_candidate_has_one_ticket_and_one_seat_whatever_the_order(count: int, random: object) -> None:
    ids = [UUID(int=n) for n in range(1, count + 1)]
    rooms = [("一", 15), ("二", 25)]
    made = rules.seats(NOTICE, 2024, rooms, ids)
    random.shuffle(ids)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert rules.seats(NOTICE, 2024, rooms, ids) == made
    assert len({(each.room, each.number) for each in made}) == len({each.ticket for each in made}) == count


@pytest.mark.parametrize(
    ("rooms", "right"), [([("一", 2)], True), ([("一", 1)], False), ([("一", 1), ("一", 1)], False)]
)
def test_there_is_a_seat_for_everybody_or_none_is_given(rooms: list[tuple[str, int]], right: bool) -> None:
    ids = [UUID(int=1), UUID(int=2)]
    if right:
        assert len(rules.seats(NOTICE, 2024, rooms, ids)) == 2
        return
    with pytest.raises(InvalidInput):
        rules.seats(NOTICE, 2024, rooms, ids)


@pytest.mark.parametrize(
    ("score", "right"),
    [
        ("0", True),
        ("100", True),
        ("100.00", True),
        ("99.99", True),
        ("100.01", False),
        ("-0.01", False),
        ("80.005", False),
        ("八十", False),
        ("NaN", False),
        ("1e400", False),
        ("８０", False),
        ("", False),
    ],
)
def test_a_score_lies_on_the_scale_with_two_decimals(score: str, right: bool) -> None:
    assert faults([row("T1", score)], [sitter(1)]) == ([] if right else ["/rows/0/score"])


@pytest.mark.parametrize(
    ("rows", "sitters", "expected"),
    [
        ([row("T9", "80")], [sitter(1)], ["/rows/0/ticket"]),
        ([row("T1", "80"), row("T1", "80")], [sitter(1)], ["/rows/1/ticket"]),
        ([row("T1", "80"), row(None, "80", 1)], [sitter(1)], ["/rows/1/application_id"]),
        ([row("T1", "80")], [sitter(1, absent=True)], ["/rows/0/ticket"]),
        ([row("T1", "80")], [sitter(1, scored=True)], ["/rows/0/ticket"]),
        ([row("T1", "80")], [sitter(1, awaited=False)], ["/rows/0/ticket"]),
        ([row(None, "80")], [sitter(1)], ["/rows/0/ticket"]),
        ([row("T1", "80", 1)], [sitter(1)], ["/rows/0/application_id"]),
        ([row("T1", "80"), row("T2", "70")], [sitter(1), sitter(2)], []),
    ],
)
def test_every_fault_is_named_with_its_row(rows: list[Row], sitters: list[Sitter], expected: list[str]) -> None:
    assert faults(rows, sitters) == expected


def test_a_correction_is_of_a_score_that_stands() -> None:
    assert faults([row("T1", "80")], [sitter(1, scored=True)], correcting=True) == []
    assert faults([row("T1", "80")], [sitter(1)], correcting=True) == ["/rows/0/ticket"]


@pytest.mark.parametrize(
    ("marks", "score"),
    [
        ([("甲", "80.00", False, None), ("乙", "80.01", False, None)], "80.01"),
        ([("甲", "80.00", False, None), ("乙", None, True, "亲属")], "80.00"),
        ([("甲", "70", False, None), ("乙", "80", False, None), ("丙", "80", False, None)], "76.67"),
    ],
)
def test_the_mean_is_of_those_who_were_not_recused(
    marks: list[tuple[str, str | None, bool, str | None]], score: str
) -> None:
    read, errors = rules.read_rows([Row("T1", None, marks)], [sitter(1)], correcting=False, part="interview", places=2)
    assert not errors
    assert read == {UUID(int=1): Decimal(score)}


@pytest.mark.parametrize(
    ("marks", "pointers"),
    [
        ([("甲", None, True, "亲属")], ["/rows/0/marks"]),
        ([("甲", "80", True, "亲属"), ("乙", "80", False, None)], ["/rows/0/marks/0/score"]),
        ([("甲", None, True, None), ("乙", "80", False, None)], ["/rows/0/marks/0/reason"]),
        ([("甲", "80", False, None), ("甲", "80", False, None)], ["/rows/0/marks/1/examiner"]),
        ([("甲", None, False, None)], ["/rows/0/marks/0/score"]),
    ],
)
def test_a_panel_is_whole(marks: list[tuple[str, str | None, bool, str | None]], pointers: list[str]) -> None:
    assert faults([Row("T1", None, marks)], [sitter(1)], part="interview") == pointers


@pytest.mark.article("NM-8")
@given(st.lists(st.sampled_from([None, 59, 60, 70, 80]), min_size=1, max_size=12), st.integers(1, 3), st.integers(1, 3))
def test_who_enters_is_ahead_of_everybody_who_does_not(scores: list[int | None], posts: int, ratio: int) -> None:
    terms = replace(TERMS, interview_ratio=ratio, written_pass=Decimal(60))
    written = {UUID(int=n): None if score is None else Decimal(score) for n, score in enumerate(scores)}
    entering = rules.enter_interview(written, posts=posts, terms=terms)
    passed = {each: score for each, score in written.items() if score is not None and score >= 60}
    assert entering <= set(passed)
    assert len(entering) >= min(len(passed), posts * ratio)
    outside = [score for each, score in passed.items() if each not in entering]
    assert all(passed[each] > score for each in entering for score in outside)
    last = min((passed[each] for each in entering), default=None)
    assert sum(passed[each] > last for each in entering) < posts * ratio if last is not None else not passed


def test_without_a_written_exam_everybody_enters() -> None:
    terms = replace(TERMS, written_weight=0, interview_weight=10_000)
    assert len(rules.enter_interview({UUID(int=n): None for n in range(9)}, posts=1, terms=terms)) == 9


@pytest.mark.article("NM-8")
@pytest.mark.parametrize(
    ("state", "part", "right"),
    [
        ("seated", "written", True),
        ("seated", "interview", False),
        ("interview", "interview", True),
        ("interview", "written", False),
        ("fixed", "interview", False),
    ],
)
def test_the_parts_follow_each_other(neimenggu: Pack, state: str, part: Part, right: bool) -> None:
    if right:
        rules.check_open(state, part, TERMS, neimenggu)
        return
    with pytest.raises(WrongState) as refused:
        rules.check_open(state, part, TERMS, neimenggu)
    assert refused.value.article == "NM-8(4)"
    only = replace(TERMS, written_weight=10_000, interview_weight=0)
    with pytest.raises(WrongState):
        rules.check_open("interview", "interview", only, neimenggu)
