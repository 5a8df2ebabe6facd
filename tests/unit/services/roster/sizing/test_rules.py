"""What a norm by size allows and proposes: the brackets of SH-5 at every boundary, and other kinds of norm."""

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Forbidden, InvalidInput, ParameterNotSet, RuleRefused
from kernel.ids import new_id
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack
from services.roster.sizing import rules
from services.roster.sizing.rules import Row, Span, allowed
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

ON = date(2025, 1, 6)
SH_ROWS = shuanghe().parameter(rules.NORM, ON).rows()


def with_norm(**parameters: dict[str, Any]) -> Pack:
    data = orjson.loads(shuanghe().to_json())
    for path, changes in parameters.items():
        known = data["document"]["parameters"][f"headcount.{path}"]
        kept = {"kind": known["kind"], "label": known["label"], "ours": {"zh": "测试", "en": "Test"}}
        data["document"]["parameters"][f"headcount.{path}"] = kept | changes
    return Pack.from_json(orjson.dumps(data))


@pytest.mark.article("SH-5")
@pytest.mark.parametrize(
    ("households", "spans", "proposed"),
    [
        (0, ["5–7"], "5–7"),
        (999, ["5–7"], "5–7"),
        (1_000, ["5–7", "9–12"], None),
        (1_001, ["9–12"], "9–12"),
        (1_999, ["9–12"], "9–12"),
        (2_000, ["9–15"], "12"),
        (2_001, ["12–15"], "12–15"),
        (3_000, ["12–20"], "15"),
        (3_999, ["15–20"], "15–20"),
        (4_000, ["15–25"], "20"),
        (4_001, ["20–25"], "20–25"),
        (40_000, ["20–25"], "20–25"),
    ],
)
def test_checked_with_the_union_and_proposed_by_the_intersection(
    households: int, spans: list[str], proposed: str | None
) -> None:
    found = rules.allowed_by(shuanghe(), households, ON)
    assert [str(each) for each in found.spans] == spans
    assert (str(found.common) if found.common else None) == proposed


@pytest.mark.article("SH-5")
def test_eight_at_a_thousand_households_warns_and_both_brackets_pass() -> None:
    found = rules.allowed_by(shuanghe(), 1_000, ON)
    assert [posts for posts in range(14) if found.holds(posts)] == [5, 6, 7, 9, 10, 11, 12]
    warned = rules.finding(shuanghe(), "红柳社区", 1_000, found, 8, ON)
    assert (warned.outcome, warned.article, warned.value) == ("not_met", "SH-5", None)
    with pytest.raises(RuleRefused) as asked:
        rules.check_reason(shuanghe(), warned, None, ON)
    assert (asked.value.article, asked.value.errors[0].pointer) == ("SH-5", "/reason")
    rules.check_reason(shuanghe(), warned, "两个小区刚刚交付", ON)
    rules.check_reason(shuanghe(), rules.finding(shuanghe(), "红柳社区", 1_000, found, 9, ON), None, ON)


@pytest.mark.article("SH-5")
@given(st.integers(0, 100_000))
def test_every_size_has_a_norm_and_what_is_proposed_is_allowed(households: int) -> None:
    found = rules.allowed_by(shuanghe(), households, ON)
    assert found.spans
    assert list(found.spans) == sorted(found.spans)
    assert all(before.most + 1 < after.least for before, after in zip(found.spans, found.spans[1:], strict=False))
    if found.common is not None:
        assert all(found.holds(posts) for posts in range(found.common.least, found.common.most + 1))
    else:
        assert len(found.spans) > 1


@pytest.mark.article("SH-5")
@given(st.integers(0, 100_000), st.integers(0, 30))
def test_a_number_is_allowed_exactly_where_a_row_that_names_the_size_allows_it(households: int, posts: int) -> None:
    naming = [row for row in SH_ROWS if rules.names(row, households)]
    by_row = [int(row["least"]) <= posts <= int(row["most"]) for row in naming]
    found = rules.allowed_by(shuanghe(), households, ON)
    assert found.holds(posts) is any(by_row)
    assert (found.common is not None and found.common.least <= posts <= found.common.most) is all(by_row)


@given(st.integers(0, 20_000), st.booleans(), st.booleans())
def test_an_open_end_leaves_the_boundary_to_the_other_bracket(size: int, from_open: bool, to_open: bool) -> None:
    row: Row = {"from": 1_000, "to": 2_000, "from_open": from_open, "to_open": to_open, "least": 9, "most": 12}
    low, high = 1_000 + from_open, 2_000 - to_open
    assert rules.names(row, size) is (low <= size <= high)


def test_brackets_of_which_one_end_is_open_name_each_size_once() -> None:
    rows: list[Row] = [
        {"to": 1_000, "to_open": True, "least": 5, "most": 7},
        {"from": 1_000, "least": 9, "most": 12},
    ]
    assert allowed(rows, 999, "").spans == (Span(5, 7),)
    assert allowed(rows, 1_000, "").spans == (Span(9, 12),)


@pytest.mark.parametrize(
    ("row", "rounding", "sizes"),
    [
        ({"each": 1, "of": 300}, "ceil", {299: 1, 300: 1, 301: 2, 0: 0}),
        ({"each": 1, "of": 300}, "floor", {299: 0, 300: 1, 599: 1, 600: 2}),
        ({"each": 18, "of": 10_000}, "floor", {5_555: 9, 555: 0, 556: 1}),
        ({"each": 18, "of": 10_000}, "half_up", {5_555: 10, 277: 0, 278: 1}),
        ({"least": 5, "each": 1, "of": 300, "above": 1_000}, "floor", {900: 5, 1_000: 5, 1_299: 5, 1_300: 6, 1_600: 7}),
        ({"least": 9}, "", {0: 9, 99_999: 9}),
    ],
)
def test_other_norms_are_rows_too(row: Row, rounding: str, sizes: dict[int, int]) -> None:
    """One for so many households, so many for ten thousand people, a base with steps, a fixed number."""
    for size, posts in sizes.items():
        assert allowed([row], size, rounding) == rules.Allowed((Span(posts, posts),), Span(posts, posts))


@given(st.integers(0, 100_000), st.integers(0, 40), st.integers(0, 40))
def test_a_floor_and_a_cap_hold_for_every_community(size: int, floor: int, more: int) -> None:
    cap = floor + more
    found = allowed([{"each": 1, "of": 300}], size, "floor", floor, cap)
    [span] = found.spans
    assert floor <= span.least == span.most <= cap
    assert span.least == min(max(size // 300, floor), cap)


def test_a_norm_by_population_asks_for_it() -> None:
    pack = with_norm(
        community_measure={"value": "population"},
        community_norm={"value": [{"each": 18, "of": 10_000}]},
        rounding={"value": "floor"},
        community_floor={"value": 5},
    )
    with pytest.raises(InvalidInput):
        rules.size_of(pack, 2_000, None, ON)
    assert rules.size_of(pack, 2_000, 5_555, ON) == 5_555
    assert rules.allowed_by(pack, 5_555, ON).spans == (Span(9, 9),)
    assert rules.allowed_by(pack, 100, ON).spans == (Span(5, 5),)


def test_a_size_without_a_row_has_no_norm_rather_than_zero() -> None:
    pack = with_norm(community_norm={"value": [{"from": 1_000, "least": 9, "most": 12}]})
    with pytest.raises(ParameterNotSet):
        rules.allowed_by(pack, 999, ON)


@pytest.mark.article("NM-6")
def test_a_regulation_without_a_norm_by_size_has_none() -> None:
    with pytest.raises(NotRegulated):
        rules.allowed_by(inner_mongolia(), 2_000, ON)


def test_a_norm_that_refuses_takes_no_reason() -> None:
    pack = with_norm(beyond={"value": "refuse"})
    found = rules.finding(pack, "红柳社区", 999, rules.allowed_by(pack, 999, ON), 8, ON)
    with pytest.raises(RuleRefused) as refused:
        rules.check_reason(pack, found, "理由", ON)
    assert refused.value.errors[0].pointer == "/posts"


def test_the_unit_right_above_a_community_records_its_size() -> None:
    above = new_id()
    rules.check_above("community", above, above)
    with pytest.raises(Forbidden):
        rules.check_above("community", new_id(), above)
    with pytest.raises(InvalidInput):
        rules.check_above("township", above, above)
    rules.check_days(ON, ON)
    with pytest.raises(InvalidInput):
        rules.check_days(date(2025, 1, 7), ON)
