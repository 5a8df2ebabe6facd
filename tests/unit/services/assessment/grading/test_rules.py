"""Composition, bounds, the cap, and years failed running (NM-28, NM-37(2), SH-21, 23)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, RuleRefused
from services.assessment.grading import rules
from services.assessment.method import Component, Method, Rounding
from services.assessment.scheme.rules import freeze
from tests.unit.services.assessment.packs import as_terms, changed, inner_mongolia

DAY = date(2025, 12, 10)
NO_CAP = freeze(inner_mongolia(), as_terms(), DAY)
CAPPED = freeze(inner_mongolia(), as_terms(outstanding_cap=2500), DAY)


def ids(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(1, count + 1)]


def scored(*scores: str) -> dict[UUID, Decimal]:
    return dict(zip(ids(len(scores)), map(Decimal, scores), strict=True))


def codes(scores: dict[UUID, Decimal], method: Method) -> list[str | None]:
    return [graded.grade.code if graded.grade else None for graded in rules.grade_all(scores, method).values()]


def test_the_composite_of_the_method() -> None:
    parts = {"political_quality": Decimal("88.5"), "work_results": Decimal(91), "satisfaction": Decimal("66.67")}
    assert rules.compose(parts, NO_CAP.terms.components, Rounding()) == Decimal("82.95")
    assert rules.compose(parts, NO_CAP.terms.components, Rounding(places=3)) == Decimal("82.951")


@st.composite
def weighted(draw: st.DrawFn) -> tuple[dict[str, Decimal], list[Component]]:
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=6)))
    weights = [right - left for left, right in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    components = [Component(code=f"c{i}", label="项", weight=w, stage="county") for i, w in enumerate(weights)]
    points = st.decimals(0, 100, places=2, allow_nan=False)
    return {each.code: draw(points) for each in components}, components


@given(weighted(), st.integers(0, 6))
def test_composition_is_exact_and_within_its_parts(
    drawn: tuple[dict[str, Decimal], list[Component]], places: int
) -> None:
    parts, components = drawn
    exact = sum(Fraction(parts[each.code]) * each.weight for each in components) / 10_000
    found = rules.compose(parts, components, Rounding(places=places))
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**places)
    exactly = rules.compose(parts, components, Rounding(places=6))
    assert Fraction(exactly) == exact
    assert min(parts.values()) <= exactly <= max(parts.values())


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(("pool", "free"), [(0, 0), (3, 0), (4, 1), (7, 1), (8, 2), (19, 4), (39, 9), (40, 10)])
def test_a_quarter_is_never_rounded_up(pool: int, free: int) -> None:
    assert rules.places(pool, 2500) == free


@given(st.integers(0, 100_000), st.integers(0, 10_000))
def test_the_share_never_exceeds_its_ceiling_and_one_more_would(pool: int, cap: int) -> None:
    free = rules.places(pool, cap)
    assert free * 10_000 <= pool * cap < (free + 1) * 10_000


@pytest.mark.article("SH-23")
def test_ties_at_the_edge_stay_outside_together() -> None:
    scores = scored("95", "93", "93", "91")
    first, second, third, fourth = ids(4)
    assert rules.within_cap(scores, 0) == set()
    assert rules.within_cap(scores, 1) == {first}
    assert rules.within_cap(scores, 2) == {first}
    assert rules.within_cap(scores, 3) == {first, second, third}
    assert rules.within_cap(scores, 4) == {first, second, third, fourth}
    assert rules.within_cap(scored("90", "90"), 1) == set()


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(0, 30))
def test_within_the_cap_nobody_better_is_left_out_and_equals_fare_alike(drawn: list[int], free: int) -> None:
    scores = {each: Decimal(score) for each, score in zip(ids(len(drawn)), drawn, strict=True)}
    chosen = rules.within_cap(scores, free)
    assert len(chosen) <= free
    for inside in chosen:
        assert all(scores[outside] < scores[inside] for outside in scores.keys() - chosen)


@pytest.mark.article("NM-28")
def test_bounds_give_the_best_grade_that_holds_the_score() -> None:
    scores = scored("90", "89.99", "75", "74.99", "70", "69.99", "60", "59.99", "0", "100")
    wanted = ["excellent", *["competent"] * 4, "basic", "basic", "failed", "failed", "excellent"]
    assert codes(scores, NO_CAP) == wanted
    held = [grade.code for grade in rules.eligible(Decimal(72), NO_CAP.terms.grades)]
    assert held == ["competent", "basic"]
    assert rules.check_choice("basic", rules.eligible(Decimal(72), NO_CAP.terms.grades), 0).code == "basic"
    for wrong in ("excellent", "failed", "unknown"):
        with pytest.raises(InvalidInput):
            rules.check_choice(wrong, rules.eligible(Decimal(72), NO_CAP.terms.grades), 0)


@pytest.mark.article("SH-23")
def test_who_the_cap_leaves_out_has_the_next_grade() -> None:
    scores = scored("95", "94", "93", "92", "61", "61", "61", "61")
    assert codes(scores, CAPPED)[:4] == ["excellent", "excellent", "competent", "competent"]
    graded = rules.grade_all(scores, CAPPED)
    assert [each.capped for each in graded.values()][:4] == [False, False, True, True]
    rules.check_cap(CAPPED, 2, 8)
    rules.check_cap(NO_CAP, 8, 8)
    with pytest.raises(RuleRefused):
        rules.check_cap(CAPPED, 3, 8)


@pytest.mark.article("NM-28")
def test_nobody_without_a_grade_no_community_without_its_sample_and_nobody_unknown() -> None:
    rules.check_graded(NO_CAP, 0)
    rules.check_sample(NO_CAP, 0)
    rules.check_known(True, 0)
    with pytest.raises(RuleRefused):
        rules.check_graded(NO_CAP, 1)
    with pytest.raises(RuleRefused) as refused:
        rules.check_sample(NO_CAP, 1)
    assert refused.value.article == "NM-28"
    with pytest.raises(InvalidInput):
        rules.check_known(False, 0)


@pytest.mark.article("NM-37", "SH-25")
@pytest.mark.parametrize(
    ("years", "length", "broken_by"),
    [
        ({2026: True}, 1, None),
        ({2025: True, 2026: True}, 2, None),
        ({2024: True, 2025: True, 2026: True}, 3, None),
        ({2025: False, 2026: True}, 1, None),
        ({2024: True, 2025: False, 2026: True}, 1, None),
        ({2024: True, 2025: None, 2026: True}, 1, 2025),
        ({2024: True, 2026: True}, 1, 2025),
        ({2024: False, 2025: None, 2026: True}, 1, None),
        ({2025: True, 2026: False}, 0, None),
        ({2025: True, 2026: None}, 0, 2026),
    ],
)
def test_years_failed_running(years: dict[int, bool | None], length: int, broken_by: int | None) -> None:
    assert rules.failed_run(years, 2026) == rules.Run(length, broken_by)


@pytest.mark.article("NM-37")
def test_two_years_are_the_ground_and_one_is_not() -> None:
    pack = inner_mongolia()
    found = [rules.running(pack, length) for length in (0, 1, 2, 3)]
    assert [each.outcome if each else None for each in found] == ["not_met", "not_met", "met", "met"]
    assert {each.article for each in found if each} == {"NM-37(2)"}
    assert rules.first_year(pack, 2026) == 2025
    assert rules.running(changed({}, without=(rules.RUNNING,)), 2) is None
