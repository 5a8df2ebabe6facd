"""A ladder is the region's to load; placement by years served, promotion by years and the last grade (NM-23, 28)."""

from datetime import date

import pytest
import yaml

from kernel.errors import Forbidden, InvalidInput, ParameterNotSet, RuleRefused
from kernel.regulation.figures import NotRegulated
from kernel.regulation.loading import load
from services.roster.rank import rules
from services.roster.rank.schemas import LadderDraft
from tests.unit.services.roster.packs import REGULATIONS, changed, inner_mongolia

ON = date(2026, 3, 1)
GRADE = rules.Asked(3, {"zh": "三级", "en": "Grade 3"}, 4, 2, False)
WHOLE = rules.reach(inner_mongolia(), 5, {"staff"}, "21", ON)
GOOD = rules.LastGrade(2025, failing=False, outstanding=False)


def sample() -> LadderDraft:
    file = REGULATIONS / "neimenggu" / "samples" / "ladder.yaml"
    return LadderDraft.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.article("NM-23")
def test_the_sample_ladder_is_a_ladder_and_says_it_is_a_sample() -> None:
    ladder = sample()
    assert ladder.sample
    assert "样例" in ladder.title.zh
    grades = [each.model_dump() for each in ladder.grades]
    assert rules.asked(grades, 1).service_years == 0
    for outside in (0, len(grades) + 1):
        with pytest.raises(InvalidInput):
            rules.asked(grades, outside)


@pytest.mark.article("NM-23")
def test_without_a_ladder_the_problem_names_the_region() -> None:
    rules.check_loaded(inner_mongolia(), ON, loaded=True)
    with pytest.raises(ParameterNotSet) as refused:
        rules.check_loaded(inner_mongolia(), ON, loaded=False)
    assert refused.value.article == "NM-23"
    assert refused.value.detail is not None
    assert "region" in refused.value.detail.en


@pytest.mark.article("NM-23")
def test_only_the_level_to_which_it_is_left_loads_one() -> None:
    rules.check_maker(inner_mongolia(), ON, "region")
    with pytest.raises(Forbidden):
        rules.check_maker(inner_mongolia(), ON, "county")
    with pytest.raises(NotRegulated):
        rules.check_maker(load(REGULATIONS / "national"), ON, "region")
    fixed = changed({"rank.ladder": {"value": [{"grade": 1}], "article": "NM-23", "words": "职业体系"}})
    with pytest.raises(RuleRefused):
        rules.check_maker(fixed, ON, "region")


@pytest.mark.article("NM-23")
@pytest.mark.parametrize(("years", "passes"), [(4, True), (3, False)])
def test_placement_by_cumulative_years(years: int, passes: bool) -> None:
    [finding] = rules.placement(inner_mongolia(), GRADE, years, WHOLE, ON)
    assert (finding.passes, finding.article, finding.value) == (passes, "NM-23", years)


@pytest.mark.article("NM-23", "NM-28")
@pytest.mark.parametrize(
    ("years", "since", "last", "failed"),
    [
        (4, date(2024, 3, 1), GOOD, []),
        (4, date(2024, 3, 2), GOOD, ["rank.promotion_years"]),
        (3, date(2024, 3, 1), GOOD, ["rank.promotion_years"]),
        (4, date(2024, 3, 1), rules.LastGrade(2025, failing=True, outstanding=False), ["rank.promotion_assessment"]),
        (4, date(2024, 3, 1), None, ["rank.promotion_assessment"]),
    ],
    ids=["passes", "a day short in the grade", "a year short", "failed", "no grade"],
)
def test_promotion(years: int, since: date, last: rules.LastGrade | None, failed: list[str]) -> None:
    found = rules.promotion(inner_mongolia(), GRADE, years, since, last, WHOLE, ON)
    assert [each.rule for each in found if not each.passes] == failed
    if failed:
        with pytest.raises(RuleRefused):
            rules.refuse_unless_met(found)
    else:
        rules.refuse_unless_met(found)


@pytest.mark.article("NM-28")
@pytest.mark.parametrize("outstanding", [True, False])
def test_a_grade_may_ask_an_outstanding_year(outstanding: bool) -> None:
    high = rules.Asked(4, GRADE.label, 4, 2, outstanding=True)
    last = rules.LastGrade(2025, failing=False, outstanding=outstanding)
    found = rules.promotion(inner_mongolia(), high, 9, date(2020, 1, 1), last, WHOLE, ON)
    assert all(each.passes for each in found) is outstanding


def test_findings_on_a_sample_say_so_and_days_to_come_are_refused() -> None:
    found = rules.placement(inner_mongolia(), GRADE, 4, WHOLE, ON)
    assert rules.shown(found, sample=True)[0]["remarks"][-1]["zh"] == rules.SAMPLE.zh
    assert rules.shown(found, sample=False)[0]["remarks"] == []
    rules.check_day(ON, ON)
    with pytest.raises(InvalidInput):
        rules.check_day(date(2026, 3, 2), ON)


@pytest.mark.article("NM-23")
def test_ranges_that_are_owed_are_never_the_whole_ladder() -> None:
    assert rules.reach(inner_mongolia(), 5, {"staff"}, "21", ON) == rules.Reach(1, 5, 0)
    owed = changed({"rank.ranges": {"deferred": "region", "article": "NM-23", "words": "岗位等级序列"}})
    with pytest.raises(ParameterNotSet):
        rules.reach(owed, 5, {"staff"}, "21", ON)


def test_a_version_older_than_a_figure_is_silent_on_it() -> None:
    known = inner_mongolia()
    older = {path: each for path, each in known.document.parameters.items() if not path.startswith("rank.ranges")}
    assert rules.reach(known.with_parameters(older), 5, {"staff"}, None, ON) == rules.Reach(1, 5, 0)
