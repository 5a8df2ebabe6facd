"""What changes between two versions, in the words of an official, both languages (P6)."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.regulation.difference import Change, differences
from kernel.regulation.loading import INSTALLED, load
from kernel.regulation.pack import Pack
from kernel.regulation.texts import chinese_number, number_of
from kernel.regulation.wording import cited

PACK = load(INSTALLED / "neimenggu")


def changed(**members: Any) -> list[Change]:
    """The differences when a member (`section__path`) is replaced by what a function makes of it."""
    data = orjson.loads(PACK.to_json())
    for name, change in members.items():
        section, _, path = name.partition("__")
        path = path.replace("__", ".")
        held = data["document"][section]
        made = change(held.get(path))
        if made is None:
            del held[path]
        else:
            held[path] = made
    return differences(PACK, Pack.from_json(orjson.dumps(data)))


def test_equal_versions_do_not_differ() -> None:
    assert differences(PACK, PACK) == []


def test_a_figure_is_told_with_its_unit_and_article() -> None:
    [only] = changed(parameters__recruitment__age_limit=lambda old: old | {"value": 45})
    assert (only.kind, only.section, only.article) == ("changed", "parameters", "NM-9(2)")
    assert only.text.zh == "年龄上限由40周岁改为45周岁（第九条第（二）项）"
    assert "from 40 years of age to 45 years of age (article 9(2))" in only.text.en


def test_a_figure_that_is_silent_now_is_no_zero() -> None:
    def silence(old: dict[str, Any]) -> dict[str, Any]:
        return {"kind": old["kind"], "label": old["label"], "absent": True}

    [only] = changed(parameters__recruitment__age_limit=silence)
    assert only.text.zh.startswith("年龄上限由40周岁改为未作规定")


def test_a_table_is_told_row_by_row() -> None:
    def more(old: dict[str, Any]) -> dict[str, Any]:
        rows = [dict(row) for row in old["value"]]
        rows[0]["hours"] = 60
        return old | {"value": [*rows[:-1], {"role": "steward", "hours": 8}]}

    [only] = changed(parameters__training__yearly_hours=more)
    assert "“社区党组织书记”的hours由56改为60" in only.text.zh
    assert "删去“社区专职工作人员”" in only.text.zh
    assert "新增“steward”" in only.text.zh


def test_a_step_that_is_gone_names_its_office() -> None:
    def fewer(old: dict[str, Any]) -> dict[str, Any]:
        return old | {"steps": old["steps"][:-1]}

    [only] = changed(workflows__recruitment_plan=fewer)
    assert "取消“报盟市党委组织部门备案”步骤（盟市党委组织部门）" in only.text.zh
    assert only.article == "NM-8"


def test_another_office_and_another_order_are_told() -> None:
    def turned(old: dict[str, Any]) -> dict[str, Any]:
        first, *rest = old["steps"]
        moved = first | {"by": {"department": "government", "level": "region"}}
        return old | {"steps": [*rest, moved]}

    sentences = [each.text.zh for each in changed(workflows__recruitment_plan=turned)]
    assert any("改为由自治区政府办理" in each for each in sentences)
    assert any("的步骤顺序由" in each for each in sentences)


def test_a_rule_that_becomes_soft_or_reads_other_facts_is_told() -> None:
    def soften(old: dict[str, Any]) -> dict[str, Any]:
        return old | {"kind": "soft", "condition": "citizen || age_years > 60"}

    sentences = [each.text.zh for each in changed(rules__eligibility__citizenship=soften)]
    assert any("由硬性条件改为一般条件" in each for each in sentences)
    assert any("判断条件由citizen改为citizen || age_years > 60" in each for each in sentences)


def test_grants_gained_and_lost_are_told_by_office() -> None:
    def narrowed(old: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [old[0] | {"levels": ["county"], "duties": ["handler", "approver"]}]

    sentences = [each.text.zh for each in changed(permissions__recruitment__plan__draft=narrowed)]
    assert any("新授予旗县（市、区）党委社会工作部门（审批）" in each for each in sentences)
    assert any("不再授予盟市党委社会工作部门（经办）" in each for each in sentences)


def test_what_is_new_and_what_is_gone_stand_in_the_order_of_the_text() -> None:
    found = changed(
        roles__staff=lambda _: None,
        parameters__recruitment__age_limit=lambda old: old | {"value": 41},
        lists__structure__service_systems=lambda _: None,
    )
    assert [each.article for each in found] == ["NM-3", "NM-9(2)", "NM-25"]
    assert found[0].text.zh == "删去职务“社区专职工作人员”（第三条）"


def test_two_whole_regulations_are_told_apart_without_a_gap() -> None:
    other = load(INSTALLED / "shuanghe")
    found = differences(PACK, other)
    assert len(found) > 200
    assert all(each.text.zh and each.text.en for each in found)
    assert {each.section for each in found} >= {"articles", "parameters", "rules", "workflows", "roles", "calendar"}


@given(st.integers(1, 999))
def test_numbers_of_articles_read_back(number: int) -> None:
    assert number_of(chinese_number(number)) == number


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十")]
)
def test_numbers_are_written_as_officials_write_them(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_a_citation_of_another_text_keeps_its_sign() -> None:
    assert cited("LCL-19", "NM").zh == "LCL第十九条"
    assert cited("NM-9(2)", "NM").en == "article 9(2)"
    assert cited(None, "NM").zh == ""
