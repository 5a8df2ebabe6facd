"""Whether a plan's posts are free, and what is said where they are not (NM-5; R1)."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.regulation.figures import Figure
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from services.recruitment.headcount import rules
from services.recruitment.headcount.rules import Asked

ON = date(2024, 9, 2)
PACK = load(Path(__file__).parents[5] / "regulations" / "neimenggu")
SHUANGHE = load(Path(__file__).parents[5] / "regulations" / "shuanghe")


def variant(**changes: object) -> Pack:
    data = orjson.loads(PACK.to_json())
    data["document"]["parameters"][rules.BEYOND] |= changes
    for gone in (name for name, value in changes.items() if value is None):
        del data["document"]["parameters"][rules.BEYOND][gone]
    return Pack.from_json(orjson.dumps(data))


def figure(pack: Pack = PACK) -> Figure:
    found = rules.norm(pack, ON)
    assert found is not None
    return found


@pytest.mark.article("NM-5")
def test_exactly_the_free_posts_pass_and_one_more_is_refused_with_both_numbers() -> None:
    passed = rules.check(PACK, figure(), [Asked("晨光社区", 2, 5, 2)], "呼和浩特市", ON)
    assert [each.outcome for each in passed] == ["met"]
    with pytest.raises(RuleRefused) as refused:
        rules.check(PACK, figure(), [Asked("松涛社区", 1, 5, 2), Asked("晨光社区", 3, 5, 2)], "呼和浩特市", ON)
    assert refused.value.article == "NM-5"
    assert refused.value.detail is not None
    assert "晨光社区申请 3 人，空额 2 人" in refused.value.detail.zh
    assert [each["outcome"] for each in refused.value.findings] == ["met", "not_met"]
    assert refused.value.findings[1]["facts"] == {"community": "晨光社区", "asked": 3, "free": 2, "fixed": 5}


@pytest.mark.article("NM-6")
def test_a_community_without_a_number_names_who_fixes_it() -> None:
    with pytest.raises(ParameterNotSet) as unset:
        rules.check(PACK, figure(), [Asked("晨光社区", 1, None, 0)], "呼和浩特市", ON)
    assert unset.value.article == "NM-6"
    assert unset.value.detail is not None
    assert "呼和浩特市党委社会工作部门" in unset.value.detail.zh
    assert rules.finding(figure(), Asked("晨光社区", 1, None, 0)).outcome == "not_met"


def test_a_norm_that_warns_asks_for_a_reason_and_then_lets_the_plan_go() -> None:
    pack = variant(value="warn")
    found = rules.check(pack, figure(pack), [Asked("晨光社区", 3, 5, 2)], "", ON)
    assert [each.outcome for each in found] == ["not_met"]
    with pytest.raises(RuleRefused) as asked:
        rules.check_reason(found, None)
    assert asked.value.article == "NM-5"
    assert [(each.pointer, each.article) for each in asked.value.errors] == [("/over_reason", "NM-5")]
    rules.check_reason(found, "新建小区交付")
    rules.check_reason(rules.check(pack, figure(pack), [Asked("晨光社区", 2, 5, 2)], "", ON), None)


def test_a_regulation_without_numbers_has_no_norm() -> None:
    silent = variant(value=None, words=None, reading=None, absent=True)
    assert rules.norm(silent, ON) is None


def under_sh(posts: int, taken: int, *ranges: tuple[int, int]) -> str:
    """The outcome of asking for posts in a community where so many are taken, under the brackets of Shuanghe."""
    figure = rules.norm(SHUANGHE, ON)
    assert figure is not None
    fixed = max(most for _, most in ranges)
    asked = Asked("红柳社区", posts, fixed, max(0, fixed - taken), taken, ranges)
    [found] = rules.check(SHUANGHE, figure, [asked], "", ON)
    assert (found.article, found.facts["total"]) == ("SH-5", posts + taken)
    return found.outcome


@pytest.mark.article("SH-5")
def test_a_plan_is_asked_for_a_reason_above_the_bracket_and_in_the_gap_between_two() -> None:
    at_999, at_1_000, at_2_000 = [(5, 7)], [(5, 7), (9, 12)], [(9, 15)]
    assert under_sh(2, 5, *at_999) == "met"
    assert under_sh(3, 5, *at_999) == "not_met"
    assert [under_sh(posts, 6, *at_1_000) for posts in (1, 2, 3, 6, 7)] == ["met", "not_met", "met", "met", "not_met"]
    # A community that stays short of its bracket gives no reason for it.
    assert [under_sh(posts, 1, *at_2_000) for posts in (1, 8, 14, 15)] == ["met", "met", "met", "not_met"]


@pytest.mark.article("SH-5")
def test_a_community_without_recorded_households_has_no_number() -> None:
    figure = rules.norm(SHUANGHE, ON)
    assert figure is not None
    with pytest.raises(ParameterNotSet) as unset:
        rules.check(SHUANGHE, figure, [Asked("红柳社区", 1, None, 0)], "", ON)
    assert unset.value.article == "SH-5"
    assert unset.value.detail is not None
    assert "规模尚未登记" in unset.value.detail.zh
