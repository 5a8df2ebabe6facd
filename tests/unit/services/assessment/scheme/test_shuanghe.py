"""What SH-21, 22 and 23 ask of a method, read from the real pack: both sides of every boundary."""

from datetime import date
from typing import Any

import pytest

from kernel.errors import InvalidInput, RuleRefused
from services.assessment.scheme import rules
from tests.unit.services.assessment.packs import shuanghe, shuanghe_body, shuanghe_terms

DAY = date(2025, 1, 10)


def faults(**changes: Any) -> list[tuple[str, str | None]]:
    try:
        rules.check_terms(shuanghe(), shuanghe_terms(**changes), DAY)
    except InvalidInput as refused:
        return [(each.pointer, each.article) for each in refused.errors]
    return []


def weighed(*weights: int) -> list[dict[str, Any]]:
    known = shuanghe_body()["components"]
    return [each | {"weight": weight} for each, weight in zip(known, weights, strict=True)]


@pytest.mark.article("SH-21")
def test_a_method_that_quantifies_the_three_indicators_stands() -> None:
    assert faults() == []
    rules.check_level(shuanghe(), "township")
    with pytest.raises(RuleRefused) as refused:
        rules.check_level(shuanghe(), "league")
    assert refused.value.article == "SH-21"


@pytest.mark.article("SH-21")
@pytest.mark.parametrize(
    ("satisfaction", "found"),
    [(3999, [("/terms/components", "SH-21")]), (4000, []), (4001, [])],
)
def test_satisfaction_weighs_forty_per_cent_or_more(satisfaction: int, found: list[tuple[str, str | None]]) -> None:
    assert faults(components=weighed(1000, 3000, 6000 - satisfaction, satisfaction)) == found


@pytest.mark.article("SH-21")
@pytest.mark.parametrize(("weight", "stands"), [(1999, False), (2000, True), (2001, False)])
def test_weights_sum_to_the_whole(weight: int, stands: bool) -> None:
    assert (faults(components=weighed(1000, 3000, weight, 4000)) == []) is stands


@pytest.mark.article("SH-21")
@pytest.mark.parametrize("missing", ["daily_work", "professional_knowledge", "residents_rating"])
def test_each_indicator_is_quantified(missing: str) -> None:
    kept = [each | {"weight": 5000} for each in shuanghe_body()["components"] if each["code"] != missing]
    assert ("/terms/components", "SH-21") in faults(components=kept)


@pytest.mark.article("SH-22")
@pytest.mark.parametrize("missing", ["self", "committees", "township", "residents", "confirm"])
def test_no_stage_is_left_out(missing: str) -> None:
    kept = [stage for stage in shuanghe_body()["stages"] if stage != missing]
    assert ("/terms/stages", "SH-22") in faults(stages=kept)


@pytest.mark.article("SH-22")
def test_the_order_of_the_stages_is_fixed_and_each_one_gives_something() -> None:
    assert ("/terms/stages", "SH-22") in faults(stages=["self", "township", "committees", "residents", "confirm"])
    silent = [each | {"stage": "township"} for each in shuanghe_body()["components"][:1]]
    assert faults(components=silent + shuanghe_body()["components"][1:]) == [("/terms/stages", None)]


@pytest.mark.article("SH-22")
def test_publicity_is_prescribed_and_its_days_are_the_methods() -> None:
    assert faults(publicity_days=None, publicity_unit=None) == [("/terms/publicity_days", "SH-22")]
    assert faults(publicity_days=1) == []


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(
    ("index", "change"),
    [(1, {"label": "良好"}), (0, {"outstanding": False}), (2, {"failing": True}), (3, {"code": "poor"})],
)
def test_the_four_grades_are_those_of_the_text(index: int, change: dict[str, Any]) -> None:
    grades = shuanghe_body()["grades"]
    grades[index] |= change
    assert ("/terms/grades", "SH-23") in faults(grades=grades)
    assert ("/terms/grades", "SH-23") in faults(grades=shuanghe_body()["grades"][1:])


@pytest.mark.article("SH-25")
def test_the_middle_grade_never_counts_as_failed() -> None:
    grades = shuanghe_body()["grades"]
    grades[2]["failing"] = True
    assert ("/terms/grades/2/failing", "SH-25(3)") in faults(grades=grades)


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(("cap", "found"), [(2500, []), (2501, [("/terms/outstanding_cap", "SH-23")])])
def test_a_method_may_lower_the_cap_and_not_raise_it(cap: int, found: list[tuple[str, str | None]]) -> None:
    assert faults(outstanding_cap=cap) == found
    assert rules.freeze(shuanghe(), shuanghe_terms(), DAY).cap == 2500
    assert rules.freeze(shuanghe(), shuanghe_terms(outstanding_cap=2000), DAY).cap == 2000


@pytest.mark.article("SH-2", "SH-4")
def test_who_serves_part_time_is_not_assessed() -> None:
    some = {"months_at_least": 6, "categories": ["committee_member", "community_police"]}
    assert faults(participation=some) == [("/terms/participation/categories/1", "SH-4")]
    everybody = rules.freeze(shuanghe(), shuanghe_terms(), DAY).terms.participation.categories
    assert everybody == ["committee_member", "community_staff", "public_welfare"]
