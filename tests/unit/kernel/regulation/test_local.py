"""Local parameters (P7): the office that the text names fills in or tightens, within bounds; the article stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import InvalidInput, ParameterNotSet, RuleRefused, Text
from kernel.regulation import Pack, PackRefused, load
from kernel.regulation.local import (
    LocalValue,
    Seat,
    check_office,
    check_value,
    check_way,
    office_name,
    overlay,
    setter_of,
)
from kernel.regulation.schema.parameters import Setter
from tests.unit.kernel.regulation.factory import BASE, write_pack

SETTER = "set_by: {department: society_work, level: county}"
CITED = "article: XX-1, words: 学历不限"
FIGURES = f"""
  amount: {{kind: decimal, label: {{zh: 金额, en: Amount}}, deferred: county, minimum: 1, {CITED}, {SETTER}}}
  waiting: {{kind: int, label: {{zh: 名额, en: Places}}, unresolved: 文件〔2020〕3号, maximum: 9, {CITED}, {SETTER}}}
  silent: {{kind: int, label: {{zh: 月数, en: Months}}, absent: true, article: XX-1, {SETTER}, minimum: 1, maximum: 9}}
  ceiling: {{kind: int, label: {{zh: 上限, en: Top}}, tightening: max, value: 12, {CITED}, {SETTER}}}
  fixed: {{kind: text, label: {{zh: 层级, en: Level}}, value: county, {CITED}, {SETTER}}}
  office: {{kind: rows, label: {{zh: 审批部门, en: Approver}}, unresolved: 文件〔2021〕5号, {CITED}, {SETTER}}}
  dated: {{kind: int, label: {{zh: 标准, en: Rate}}, {CITED}, {SETTER}, dated: [{{valid_from: 2024-01-01, value: 3}}]}}
rules:"""
WORKFLOW = f"""
workflows:
  admission:
    label: {{zh: 准入, en: Admission}}
    {CITED.replace(", words", chr(10) + "    words")}
    subject: matter
    subject_levels: [county]
    steps:
      - id: approval
        kind: approve
        label: {{zh: 审批, en: Approval}}
        by: {{parameter: office}}
        {CITED.replace(", words", chr(10) + "        words")}
        blocks: true
"""
BODY = BASE.replace("\nrules:", FIGURES, 1) + WORKFLOW
WITH_OTHERS = SETTER.replace("county}", "county, workflow: making}")
MAKING = f"""
  making:
    label: {{zh: 会同制定, en: Making with others}}
    {CITED.replace(", words", chr(10) + "    words")}
    subject: local_figures
    subject_levels: [county]
    steps:
      - id: making
        kind: approve
        label: {{zh: 审批, en: Approval}}
        by: {{department: society_work, level: region}}
        {CITED.replace(", words", chr(10) + "        words")}
        blocks: true
"""
OFFICE = Setter(department="finance", level="league")
NAME = Text("盟财政部门", "Finance department (League)")


def joint(body: str = BODY + MAKING) -> str:
    """The pack in which the amount is set by an approval."""
    return body.replace(f"minimum: 1, {CITED}, {SETTER}", f"minimum: 1, {CITED}, {WITH_OTHERS}", 1)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load(write_pack(tmp_path, "local", BODY))


def test_a_value_takes_the_place_of_silence_and_keeps_the_article(pack: Pack) -> None:
    laid = overlay(pack, [LocalValue("amount", "6500.50", "盟发〔2025〕1号")])
    figure = laid.parameter("amount")
    assert (figure.state, str(figure.decimal())) == ("set", "6500.50")
    assert (figure.article, figure.source) == ("XX-1", "盟发〔2025〕1号")
    assert (laid.id, laid.version) == (pack.id, pack.version)
    assert pack.parameter("amount").state == "deferred", "the pack as published stays what it is"


@pytest.mark.parametrize("path", ["amount", "waiting"])
def test_until_then_the_refusal_names_the_document_or_level_and_who_may_set_it(pack: Pack, path: str) -> None:
    with pytest.raises(ParameterNotSet) as refused:
        pack.parameter(path).value()
    assert "'society_work' at level 'county'" in str(refused.value.detail)
    assert ("2020" in str(refused.value.detail)) is (path == "waiting")


def test_the_nearest_unit_stands_last_and_counts(pack: Pack) -> None:
    laid = overlay(pack, [LocalValue("waiting", 5, "上级"), LocalValue("waiting", 4, "本级")])
    assert (laid.parameter("waiting").integer(), laid.parameter("waiting").source) == (4, "本级")


def test_rules_read_the_value_that_is_laid_over(tmp_path: Path) -> None:
    limit = "value: 35}"
    body = BODY.replace(limit, f"value: 35, tightening: max, {SETTER}}}", 1)
    written = load(write_pack(tmp_path, "rule", body))
    laid = overlay(written, [LocalValue("age_limit", 30, "文件")])
    assert [one.evaluate("age", {"age_years": 33}).outcome for one in (written, laid)] == ["met", "needs_judgement"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("amount", "0.99"),
        ("waiting", 10),
        ("ceiling", 13),
        ("fixed", "region"),
        ("hours", 25),
        ("gone", 1),
        ("silent", "5"),
    ],
)
def test_what_a_later_version_no_longer_allows_is_passed_by(pack: Pack, path: str, value: Any) -> None:
    laid = overlay(pack, [LocalValue(path, value, "文件")])
    assert laid.document.parameters == pack.document.parameters


@pytest.mark.parametrize(
    ("path", "good", "bad", "says"),
    [
        ("amount", "1", "0.99", "at least 1"),
        ("waiting", 9, 10, "at most 9"),
        ("silent", 1, 0, "between 1 and 9"),
        ("silent", 9, 10, "between 1 and 9"),
        ("ceiling", 12, 13, "weakens the ceiling 12"),
        ("amount", "2.50", 2, "of kind 'decimal'"),
        ("silent", 2, "2", "of kind 'int'"),
        ("silent", 2, True, "of kind 'int'"),
    ],
)
def test_a_value_is_of_its_kind_and_within_its_bounds(pack: Pack, path: str, good: Any, bad: Any, says: str) -> None:
    check_value(pack, path, good)
    with pytest.raises(InvalidInput) as refused:
        check_value(pack, path, bad)
    (error,) = refused.value.errors
    assert (error.pointer, error.article) == ("/value", "XX-1")
    assert says in error.message.en


def test_a_floor_may_be_raised_and_not_lowered(tmp_path: Path) -> None:
    body = BODY.replace("    value: 20\n", f"    value: 20\n    {SETTER}\n", 1)
    pack = load(write_pack(tmp_path, "floor", body))
    check_value(pack, "hours", 20)
    with pytest.raises(InvalidInput) as refused:
        check_value(pack, "hours", 19)
    assert refused.value.errors[0].message.en == "weakens the floor 20; it may only be tightened"


@pytest.mark.parametrize(("path", "value"), [("fixed", "county"), ("dated", 4)])
def test_a_figure_that_stands_without_a_direction_is_not_open(pack: Pack, path: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match="not allowed"):
        check_value(pack, path, value)


def test_who_may_set_is_named_or_nobody_may(pack: Pack) -> None:
    assert (setter_of(pack, "amount").department, setter_of(pack, "amount").level) == ("society_work", "county")
    assert office_name(pack, setter_of(pack, "amount")).zh == "县社会工作部"
    with pytest.raises(RuleRefused) as refused:
        setter_of(pack, "hours")
    assert refused.value.article == "XX-2"
    with pytest.raises(InvalidInput) as unknown:
        setter_of(pack, "no.such")
    assert unknown.value.errors[0].pointer == "/path"


def test_the_office_that_the_article_names_may_set() -> None:
    check_office(OFFICE, Seat(2000, "finance", "league"), 2000, "league", name=NAME, article="XX-1")


@pytest.mark.parametrize(
    ("seat", "unit", "level"),
    [
        (Seat(2000, "human_resources", "league"), 2000, "league"),
        (Seat(1000, "finance", "region"), 2000, "league"),
        (Seat(3000, "finance", "league"), 2000, "league"),
        (Seat(2000, "finance", "league"), 2500, "county"),
        (Seat(None, None, None), 2000, "league"),
    ],
)
def test_any_other_office_or_unit_is_refused_with_the_article(seat: Seat, unit: int, level: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        check_office(OFFICE, seat, unit, level, name=NAME, article="XX-1")
    assert refused.value.article == "XX-1"
    assert refused.value.detail is not None
    assert NAME.zh in refused.value.detail.zh


ROW = {"department": "society_work", "level": "region"}


def test_a_step_is_acted_on_by_the_office_that_the_parameter_names(pack: Pack) -> None:
    workflow = pack.workflow("admission")
    assert workflow is not None
    with pytest.raises(ParameterNotSet) as waiting:
        workflow.for_case("admission", "county", {}, lambda path: pack.parameter(path).rows())
    assert "文件〔2021〕5号" in str(waiting.value.detail)
    with pytest.raises(ParameterNotSet):
        workflow.for_case("admission", "county", {})
    laid = overlay(pack, [LocalValue("office", [ROW], "文件")])
    case = workflow.for_case("admission", "county", {}, lambda path: laid.parameter(path).rows())
    assert case["steps"][0]["by"] == ROW


def test_the_office_may_be_the_one_of_the_subject_itself(pack: Pack) -> None:
    laid = overlay(pack, [LocalValue("office", [{"department": "society_work", "level": "subject"}], "文件")])
    workflow = laid.workflow("admission")
    assert workflow is not None
    case = workflow.for_case("admission", "county", {}, lambda path: laid.parameter(path).rows())
    assert case["steps"][0]["by"]["level"] == "county"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "give one row"),
        ([ROW, ROW], "give one row"),
        ([{"department": "society_work"}], "give one row"),
        ([{"department": "nobody", "level": "county"}], "no such department"),
        ([{"department": "society_work", "level": "township"}], "no such department"),
    ],
)
def test_a_value_that_names_an_office_names_one_of_the_regulation(pack: Pack, value: Any, says: str) -> None:
    check_value(pack, "office", [ROW])
    with pytest.raises(InvalidInput) as refused:
        check_value(pack, "office", value)
    assert says in refused.value.errors[0].message.en


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("by: {parameter: office}", "by: {parameter: hours}", "no parameter 'hours' of kind rows"),
        ("by: {parameter: office}", "by: {parameter: none_such}", "no parameter 'none_such'"),
        (
            "office: {kind: rows",
            "office: {value: [{department: nobody, level: county}], kind: rows",
            "exactly one of",
        ),
        ("absent: true, article: XX-1,", "absent: true,", "`set_by` needs the `article`"),
        (SETTER, "set_by: {department: finance, level: county}", "no department 'finance'"),
        (SETTER, "set_by: {department: society_work, level: township}", "does not stand at level 'township'"),
    ],
)
def test_the_check_of_a_pack_finds_setters_and_offices_that_are_not_there(
    tmp_path: Path, written: str, instead: str, says: str
) -> None:
    with pytest.raises(PackRefused, match=says):
        load(write_pack(tmp_path, "wrong", BODY.replace(written, instead)))


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("workflow: making}", "workflow: none_such}"),
        ("subject: local_figures", "subject: matter"),
        (
            "subject: local_figures\n    subject_levels: [county]",
            "subject: local_figures\n    subject_levels: [region]",
        ),
    ],
)
def test_the_approval_by_which_a_figure_is_set_is_one_about_figures_of_that_level(
    tmp_path: Path, written: str, instead: str
) -> None:
    assert written in joint()
    load(write_pack(tmp_path, "right", joint()))
    with pytest.raises(PackRefused, match="that covers level 'county'"):
        load(write_pack(tmp_path, "wrong", joint().replace(written, instead)))


def test_a_figure_is_set_in_the_way_that_the_regulation_asks_for(tmp_path: Path) -> None:
    pack = load(write_pack(tmp_path, "ways", joint()))
    check_way(pack, "amount", "making")
    check_way(pack, "waiting", None)
    for path, way, says in (("amount", None, "making"), ("amount", "other", "making"), ("waiting", "making", "另一人")):
        with pytest.raises(RuleRefused) as refused:
            check_way(pack, path, way)
        assert refused.value.detail is not None
        assert (refused.value.article, says in refused.value.detail.zh) == ("XX-1", True)


def test_an_office_fixed_by_the_pack_itself_must_be_there(tmp_path: Path) -> None:
    fixed = "office: {kind: rows, label: {zh: 审批部门, en: Approver}, value: [{department: nobody, level: county}],"
    body = BODY.replace("office: {kind: rows, label: {zh: 审批部门, en: Approver}, unresolved: 文件〔2021〕5号,", fixed)
    with pytest.raises(PackRefused, match="no such department"):
        load(write_pack(tmp_path, "wrong", body))


def test_setters_and_bound_offices_travel_with_the_pack(pack: Pack) -> None:
    again = Pack.from_json(pack.to_json())
    assert again.document == pack.document
    assert json.loads(pack.to_json())["document"]["workflows"]["admission"]["steps"][0]["by"] == {"parameter": "office"}
