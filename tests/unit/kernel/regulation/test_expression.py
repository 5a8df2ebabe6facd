"""Conditions stay inside their bounds, have a type, and fail at check instead of in service (P3)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from kernel.regulation.expression import Expression, ExpressionRefused, FactType, Room, prepare

FACTS = {
    "age": FactType("int", minimum=0, maximum=150),
    "big": FactType("int"),
    "ok": FactType("bool"),
    "name": FactType("text"),
    "grade": FactType("text", values=frozenset({"good", "poor"})),
    "since": FactType("date"),
    "until": FactType("date"),
    "codes": FactType("texts"),
    "points": FactType("integers"),
}
GIVEN = {
    "age": 40,
    "big": 2**53,
    "ok": True,
    "name": "中文",
    "grade": "good",
    "since": date(2024, 8, 20),
    "until": "2024-08-21",
    "codes": ["a", "b"],
    "points": [1, 2, 3],
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("age <= 40", True),
        ("age < 40 || ok", True),
        ("!(age != 40) && ok", True),
        ("ok ? age : 0", 40),
        ("since < until", True),
        ("until - since", 1),
        ("since + 1 == until", True),
        ("name.contains('文') && name.startsWith(\"中\")", True),
        ("codes.exists(code, code == 'b')", True),
        ("size(codes.filter(code, code in ['a', 'z']))", 1),
        ("points.all(point, point > 0)", True),
        ("grade in ['good', 'poor']", True),
        ("age % 7 - 3", 2),
        ("-age < 0", True),
    ],
)
def test_what_the_subset_says(source: str, value: object) -> None:
    expression = Expression(source, FACTS)
    expression.prove(FACTS)
    assert expression.evaluate(Room({}).enter(prepare(FACTS, GIVEN))) == value


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("age <= 40 " + " " * 1_000, "1000 characters"),
        (" || ".join(["ok"] * 22), "operators deep"),
        ("(" * 21 + "ok" + ")" * 21, "brackets nest"),
        ("!" * 30 + "ok", "operators deep"),
        ("codes.exists(a, a == 'x') && codes.exists(b, b == 'y')", "at most 1 list macro"),
        ("codes.exists(a, codes.exists(b, a == b))", "at most 1 list macro"),
        ("age in [" + ", ".join(["1"] * 201) + "]", "over 200 items"),
        ("age == 9007199254740993", "beyond 2\\^53"),
        ("age == 1.5", "no decimals"),
        ("age == 1u", "outside the allowed subset"),
        ("timestamp('2024-01-01T00:00:00Z') == since", "not allowed"),
        ("name.matches('(a+)+')", "not allowed"),
        ("codes.map(code, code) == codes", "not allowed"),
        ("name == '\\n'", "outside the allowed subset"),
        ("name == `x`", "outside the allowed subset"),
        ("codes[0] == 'a'", "not expected"),
        ("{'a': 1}", "outside the allowed subset"),
        ("1 < 2 < 3", "not expected"),
        ("ok &&", "not expected"),
        ("ok ok", "not expected"),
        ("", "not expected"),
        ("null == ok", "not expected"),
    ],
)
def test_shapes_outside_the_bounds_are_refused_before_the_library_sees_them(source: str, says: str) -> None:
    with pytest.raises(ExpressionRefused, match=says):
        Expression(source, FACTS)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("missing == 1", "not a declared fact"),
        ("ok || missing", "not a declared fact"),
        ("age == 'x'", "has no sense"),
        ("age && ok", "expected bool"),
        ("!age", "expected bool"),
        ("age in codes", "cannot be in"),
        ("size(name) > 1", "count bytes"),
        ("ok > ok", "has no sense"),
        ("ok ? age : name", "expected int"),
        ("since + until == since", "has no sense"),
        ("age / 0 == 1", "not zero"),
        ("age / age == 1", "not zero"),
        ("grade == 'middling'", "not a value"),
        ("grade in ['good', 'middling']", "not a value"),
        ("age.contains(1)", "expected text"),
        ("age.exists(a, a > 1)", "works on a list"),
        ("codes.exists(age, age == 'a')", "hides a fact"),
        ("codes == []", "empty list"),
        ("points == [1, 'a']", "expected int"),
    ],
)
def test_types_that_do_not_agree_are_refused(source: str, says: str) -> None:
    with pytest.raises(ExpressionRefused, match=says):
        Expression(source, FACTS)


def test_arithmetic_that_could_leave_the_range_fails_at_check() -> None:
    with pytest.raises(ExpressionRefused, match="declare minimum and maximum"):
        Expression("big * big > 1", FACTS).prove(FACTS)


def test_a_result_beyond_the_range_is_refused() -> None:
    with pytest.raises(ExpressionRefused, match="beyond"):
        Expression("big + big", FACTS).evaluate(Room({}).enter(prepare(FACTS, GIVEN)))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("age", None, "missing"),
        ("age", "40", "must be int"),
        ("age", True, "must be int"),
        ("age", 1.5, "must be int"),
        ("age", 151, "between 0 and 150"),
        ("big", 2**70, "between"),
        ("ok", 1, "must be bool"),
        ("name", "x" * 1_001, "longer than"),
        ("grade", "middling", "one of"),
        ("since", "2024-13-01", "must be date"),
        ("codes", ["a"] * 201, "more than 200"),
        ("codes", ["a", 1], "must be text"),
        ("codes", "ab", "must be texts"),
    ],
)
def test_facts_that_are_missing_or_of_another_type_are_refused(name: str, value: object, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        prepare(FACTS, {**GIVEN, name: value})
    assert [error.pointer for error in refused.value.errors] == [f"/facts/{name}"]
    assert says in refused.value.errors[0].message.en


def test_a_missing_fact_does_not_hide_behind_an_or() -> None:
    with pytest.raises(InvalidInput):
        prepare({"ok": FACTS["ok"], "age": FACTS["age"]}, {"ok": True})


def test_more_facts_than_declared_may_be_given() -> None:
    assert prepare({"ok": FACTS["ok"]}, GIVEN) == {"ok": True}


def test_a_room_keeps_what_stands_and_takes_each_case_anew() -> None:
    room, expression = Room({"age": 40}), Expression("age > 35 && ok", FACTS)
    seen = []
    for ok in (True, False, True):
        context = room.enter({"ok": ok})
        seen.append(expression.evaluate(context))
        room.leave(context)
    assert seen == [True, False, True]


@settings(deadline=None)
@given(age=st.integers(0, 150), limit=st.integers(0, 150))
def test_a_bound_is_read_as_written(age: int, limit: int) -> None:
    facts = prepare({"age": FACTS["age"]}, {"age": age})
    assert Expression(f"age <= {limit}", FACTS).evaluate(Room({}).enter(facts)) is (age <= limit)


@settings(deadline=None, max_examples=300)
@given(source=st.text(alphabet="ageok()[]!&|<>=+-*/%?:.,'\" 0123456789", max_size=120))
def test_any_text_is_either_an_expression_or_refused(source: str) -> None:
    try:
        expression = Expression(source, FACTS)
    except ExpressionRefused:
        return
    assert expression.names <= set(FACTS)
