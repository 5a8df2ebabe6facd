"""What the regulation asks of a method of assessment (NM-28, NM-37(2), SH-21, 23)."""

from datetime import date
from typing import Any

import pytest

from kernel.errors import InvalidInput, ParameterNotSet, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack
from services.assessment.scheme import rules
from tests.unit.services.assessment.packs import as_terms, body, changed, inner_mongolia

DAY = date(2025, 12, 1)
NAMED = [
    {"code": "excellent", "label": "优秀", "failing": False, "outstanding": True},
    {"code": "competent", "label": "合格", "failing": False, "outstanding": False},
    {"code": "basic", "label": "基本合格", "failing": False, "outstanding": False},
    {"code": "failed", "label": "不合格", "failing": True, "outstanding": False},
]


def faults(pack: Pack | None = None, **changes: Any) -> list[tuple[str, str | None]]:
    try:
        rules.check_terms(pack or inner_mongolia(), as_terms(**changes), DAY)
    except InvalidInput as refused:
        return [(each.pointer, each.article) for each in refused.errors]
    return []


def components(*weights: int) -> list[dict[str, Any]]:
    return [each | {"weight": weight} for each, weight in zip(body()["components"], weights, strict=True)]


@pytest.mark.article("NM-28")
def test_a_method_that_weighs_the_three_focal_points_stands() -> None:
    assert faults() == []


@pytest.mark.article("NM-28")
@pytest.mark.parametrize("level", ["league", "township", None])
def test_only_the_county_sets_the_method(level: str | None) -> None:
    rules.check_level(inner_mongolia(), "county")
    with pytest.raises(RuleRefused) as refused:
        rules.check_level(inner_mongolia(), level)
    assert refused.value.article == "NM-28"


def test_where_no_method_is_regulated_none_is_set() -> None:
    with pytest.raises(NotRegulated):
        rules.check_level(changed({"assessment.method": {"absent": True}}), "county")


@pytest.mark.article("NM-28")
def test_a_unit_without_a_method_is_named_with_the_article() -> None:
    refused = rules.not_set(inner_mongolia(), "新城区")
    assert isinstance(refused, ParameterNotSet)
    assert refused.article == "NM-28"
    assert refused.detail is not None
    assert "新城区" in refused.detail.zh
    assert "NM-28" in refused.detail.zh


@pytest.mark.parametrize(
    ("weights", "stands"), [((3000, 4000, 3000), True), ((3000, 4000, 2999), False), ((3001, 4000, 3000), False)]
)
def test_weights_add_up_to_the_whole(weights: tuple[int, int, int], stands: bool) -> None:
    assert (faults(components=components(*weights)) == []) is stands


@pytest.mark.article("NM-28")
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_each_focal_point_is_weighed(missing: int) -> None:
    kept = [each | {"weight": 5000} for index, each in enumerate(body()["components"]) if index != missing]
    assert ("/terms/components", "NM-28") in faults(components=kept)


@pytest.mark.article("NM-28")
def test_satisfaction_comes_from_residents_and_nothing_else_does() -> None:
    wrong = body()["components"]
    wrong[2]["stage"] = "county"
    assert ("/terms/components/2/stage", "NM-28") in faults(components=wrong)
    wrong = body()["components"]
    wrong[0]["stage"] = "residents"
    assert ("/terms/components/0/stage", "NM-28") in faults(components=wrong)
    wrong[0]["stage"] = "self"
    assert ("/terms/components/0/stage", None) in faults(components=wrong)


@pytest.mark.article("SH-21")
@pytest.mark.parametrize(("weight", "stands"), [(4000, True), (3999, False), (4001, True)])
def test_a_floor_of_satisfaction_includes_its_number(weight: int, stands: bool) -> None:
    floor = {"value": 4000, "ours": {"zh": "测试", "en": "test"}}
    pack = changed({"assessment.satisfaction_floor": floor})
    found = faults(pack, components=components(2000, 8000 - weight, weight))
    assert (found == []) is stands


def test_stages_are_those_of_the_procedure_in_its_order() -> None:
    assert faults(stages=["township", "county", "residents", "confirm"]) == []
    for wrong in (
        ["self", "county", "township", "residents", "confirm"],
        ["self", "township", "county", "confirm", "residents"],
        ["self", "township", "county", "residents", "confirm", "party"],
        ["self", "township", "county", "confirm"],
        ["self", "township", "county", "residents"],
    ):
        assert "/terms/stages" in {pointer for pointer, _ in faults(stages=wrong)}, wrong


@pytest.mark.article("NM-37")
def test_the_middle_grade_never_counts_as_failed() -> None:
    grades = body()["grades"]
    grades[2]["failing"] = True
    assert faults(grades=grades) == [("/terms/grades/2/failing", "NM-37(2)")]


@pytest.mark.article("NM-28")
def test_the_method_says_which_grades_are_failed() -> None:
    grades = [each | {"failing": False} for each in body()["grades"]]
    assert faults(grades=grades) == [("/terms/grades", "NM-28")]


@pytest.mark.parametrize(
    ("index", "change"),
    [
        (3, {"from_score": "0.01"}),
        (3, {"before_score": "59.99"}),
        (0, {"before_score": "100"}),
        (0, {"from_score": "100.01"}),
        (1, {"from_score": "95"}),
        (2, {"before_score": "60"}),
        (0, {"failing": True}),
        (1, {"code": "excellent"}),
    ],
)
def test_every_score_has_a_grade_and_bounds_go_down(index: int, change: dict[str, Any]) -> None:
    grades = body()["grades"]
    grades[index] |= change
    assert faults(grades=grades)


@pytest.mark.article("SH-23")
def test_where_the_regulation_names_grades_and_a_cap_the_method_keeps_to_them() -> None:
    ours = {"zh": "测试", "en": "test"}
    pack = changed(
        {
            "assessment.grades": {"value": NAMED, "ours": ours},
            "assessment.outstanding_cap": {"value": 2500, "ours": ours},
        }
    )
    assert faults(pack, outstanding_cap=2500) == []
    assert [pointer for pointer, _ in faults(pack, outstanding_cap=2501)] == ["/terms/outstanding_cap"]
    other = [each | {"code": each["code"].replace("basic", "fair")} for each in body()["grades"]]
    assert [pointer for pointer, _ in faults(pack, grades=other)] == ["/terms/grades"]
    assert rules.freeze(pack, as_terms(), DAY).cap == 2500
    assert rules.freeze(pack, as_terms(outstanding_cap=2000), DAY).cap == 2000


@pytest.mark.article("NM-28")
def test_without_a_cap_of_either_there_is_none() -> None:
    frozen = rules.freeze(inner_mongolia(), as_terms(stages=["township", "county", "residents", "confirm"]), DAY)
    assert frozen.cap is None
    assert [stage.id for stage in frozen.stages] == ["township", "county", "residents", "confirm"]
    assert rules.freeze(inner_mongolia(), as_terms(outstanding_cap=2000), DAY).cap == 2000


def test_without_a_procedure_there_is_nothing_to_set() -> None:
    with pytest.raises(NotRegulated):
        rules.check_terms(changed({}, without=("assessment",)), as_terms(), DAY)


def test_days_of_publicity_go_with_their_unit() -> None:
    assert faults(publicity_days=5) == [("/terms/publicity_days", None)]
    assert faults(publicity_days=5, publicity_unit="working") == []


def test_a_method_does_not_reach_back_and_a_draft_alone_changes() -> None:
    rules.check_from(DAY, DAY, "NM-28")
    with pytest.raises(RuleRefused):
        rules.check_from(DAY, date(2025, 12, 2), "NM-28")
    rules.check_draft("draft")
    for state in ("submitted", "approved", "rejected"):
        with pytest.raises(WrongState):
            rules.check_draft(state)
