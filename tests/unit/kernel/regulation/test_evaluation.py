"""Findings: outcomes by kind of rule, determinations by people, relaxation, and silence (P4, P8)."""

from pathlib import Path

import pytest

from kernel.errors import InvalidInput, ParameterNotSet
from kernel.regulation import Pack, UnknownMember, load
from tests.unit.kernel.regulation.factory import BASE, write_pack

MORE = """
  citizenship:
    group: eligibility
    kind: hard
    article: XX-1
    words: 学历不限
    message: {zh: 公民, en: Citizen}
    condition: citizen
  barred:
    group: eligibility
    kind: hard
    article: XX-1
    words: 学历不限
    message: {zh: 等次, en: Grade}
    condition: grade == 'poor'
    when_true: not_met
    when_false: met
    remarks: [{when: grade == 'poor', message: {zh: 较差, en: Poor indeed}}]
    relaxable_by: [lift]
  conduct: {group: eligibility, kind: judgement, article: XX-1, words: 学历不限, message: {zh: 品行, en: Conduct}}
  doubtful:
    group: other
    kind: hard
    article: XX-1
    words: 学历不限
    message: {zh: 存疑, en: Doubtful}
    condition: citizen
    doubt: age_years > 60
  silent:
    group: silent
    kind: hard
    ours: {zh: 自定, en: Ours}
    message: {zh: 无, en: None}
    uses: {most: open_figure}
    condition: age_years < most
  waiting:
    group: waiting
    kind: hard
    ours: {zh: 自定, en: Ours}
    message: {zh: 待, en: Wait}
    uses: {most: waiting_figure}
    condition: age_years < most
relaxations:
  lift:
    article: XX-1
    words: 学历不限
    message: {zh: 放宽, en: Relax}
    condition: citizen
    decision: decision
    bounds: {barred: age_years < 50}
"""
PARAMETERS = """
  open_figure: {kind: int, label: {zh: 空白, en: Open}, absent: true}
  waiting_figure: {kind: int, label: {zh: 待定, en: Waiting}, deferred: county, article: XX-1, words: 学历不限}
rules:
"""
FACTS = {"age_years": 30, "citizen": True, "grade": "good", "decision": "none"}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load(write_pack(tmp_path, "trial", BASE.replace("rules:\n", PARAMETERS.lstrip("\n")) + MORE.lstrip("\n")))


def test_a_finding_carries_rule_article_words_facts_outcome_and_value(pack: Pack) -> None:
    finding = pack.evaluate("age", FACTS)
    assert finding.as_json() == {
        "rule": "age",
        "article": "XX-1",
        "words": "年龄一般在三十五周岁以下",
        "facts": {"age_years": 30, "limit": 35},
        "outcome": "met",
        "value": 30,
        "message": {"zh": "符合：年龄", "en": "Met: Age"},
        "remarks": [],
    }


@pytest.mark.parametrize(("age", "outcome"), [(35, "met"), (36, "needs_judgement")])
def test_a_soft_rule_leaves_what_does_not_pass_to_a_human(pack: Pack, age: int, outcome: str) -> None:
    assert pack.evaluate("age", {"age_years": age}).outcome == outcome


@pytest.mark.parametrize("determined", ["met", "not_met"])
def test_a_determination_settles_what_the_text_leaves_open(pack: Pack, determined: str) -> None:
    finding = pack.evaluate("age", {"age_years": 36}, {"age": determined})  # type: ignore[dict-item]  # both literals
    assert finding.outcome == determined
    assert finding.facts["determination"] == determined


def test_a_determination_does_not_touch_what_the_facts_already_settle(pack: Pack) -> None:
    assert pack.evaluate("age", {"age_years": 30}, {"age": "not_met"}).outcome == "met"


def test_a_determination_on_a_hard_rule_is_refused(pack: Pack) -> None:
    with pytest.raises(InvalidInput) as refused:
        pack.evaluate("citizenship", FACTS, {"citizenship": "met"})
    assert refused.value.errors[0].rule == "citizenship"


def test_a_judgement_waits_for_a_person(pack: Pack) -> None:
    assert pack.evaluate("conduct", {}).outcome == "needs_judgement"
    assert pack.evaluate("conduct", {}, {"conduct": "not_met"}).outcome == "not_met"
    assert pack.judgements_of("eligibility") == ["conduct"]


def test_doubtful_facts_need_a_person_even_on_a_hard_rule(pack: Pack) -> None:
    old = {"age_years": 61, "citizen": False}
    assert pack.evaluate("doubtful", old).outcome == "needs_judgement"
    assert pack.evaluate("doubtful", old, {"doubtful": "met"}).outcome == "met"
    assert pack.evaluate("doubtful", {"age_years": 60, "citizen": False}).outcome == "not_met"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "met"),
        ({"grade": "poor"}, "needs_judgement"),
        ({"grade": "poor", "decision": "granted"}, "relaxed"),
        ({"grade": "poor", "decision": "refused"}, "not_met"),
        ({"grade": "poor", "decision": "granted", "citizen": False}, "not_met"),
        ({"grade": "poor", "decision": "granted", "age_years": 49}, "relaxed"),
        ({"grade": "poor", "decision": "granted", "age_years": 50}, "not_met"),
    ],
)
def test_relaxation_needs_grounds_bound_and_the_recorded_decision(
    pack: Pack, facts: dict[str, object], outcome: str
) -> None:
    assert pack.evaluate("barred", {**FACTS, **facts}).outcome == outcome


def test_a_remark_is_shown_when_it_holds(pack: Pack) -> None:
    assert [text.en for text in pack.evaluate("barred", {**FACTS, "grade": "poor"}).remarks] == ["Poor indeed"]
    assert pack.evaluate("barred", FACTS).remarks == ()


def test_a_rule_over_an_absent_figure_answers_not_regulated(pack: Pack) -> None:
    finding = pack.evaluate("silent", FACTS)
    assert (finding.outcome, finding.article) == ("not_regulated", None)


def test_a_rule_over_a_deferred_figure_refuses(pack: Pack) -> None:
    with pytest.raises(ParameterNotSet, match="county"):
        pack.evaluate("waiting", FACTS)


def test_a_group_answers_in_the_order_of_the_text_and_needs_every_fact(pack: Pack) -> None:
    findings = pack.evaluate_group("eligibility", FACTS)
    assert [finding.rule for finding in findings] == ["age", "barred", "citizenship", "conduct"]
    assert pack.facts_of("eligibility") == {"age_years", "citizen", "grade", "decision"}
    with pytest.raises(InvalidInput) as refused:
        pack.evaluate_group("eligibility", {"age_years": 30, "citizen": True})
    assert {error.pointer for error in refused.value.errors} == {"/facts/grade", "/facts/decision"}


def test_a_group_that_the_regulation_does_not_have_finds_nothing(pack: Pack) -> None:
    assert pack.evaluate_group("headcount", {}) == []


def test_a_rule_that_nobody_wrote_is_a_mistake_of_the_caller(pack: Pack) -> None:
    with pytest.raises(UnknownMember):
        pack.evaluate("nothing", {})
