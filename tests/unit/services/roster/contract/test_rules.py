"""Contract law and NM-12, each boundary on both sides."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import before_after_months
from kernel.errors import InvalidInput, RuleRefused
from kernel.ids import new_id
from kernel.regulation.figures import NotRegulated
from services.roster.contract import rules
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

START = date(2025, 3, 3)
SEVEN = ("rights_and_obligations", "duties", "working_conditions", "probation", "term", "termination", "breach")
FULL = dict.fromkeys(SEVEN, "按约定执行")


def months_after(months: int, days: int = 0) -> date:
    return before_after_months(START, months) + timedelta(days=days)


@pytest.mark.article("NM-12")
def test_a_contract_with_all_seven_contents_is_complete() -> None:
    rules.check_contents(inner_mongolia(), FULL)


@pytest.mark.article("NM-12")
@pytest.mark.parametrize("missing", SEVEN)
def test_each_missing_content_is_named_with_its_article(missing: str) -> None:
    clauses = {name: text for name, text in FULL.items() if name != missing}
    with pytest.raises(InvalidInput) as refused:
        rules.check_contents(inner_mongolia(), clauses)
    assert [(error.pointer, error.article) for error in refused.value.errors] == [(f"/contents/{missing}", "NM-12")]


@pytest.mark.article("NM-12")
def test_a_blank_content_is_a_missing_one_and_all_missing_are_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.check_contents(inner_mongolia(), {"term": " \n"})
    assert {error.pointer for error in refused.value.errors} == {f"/contents/{name}" for name in SEVEN}


@pytest.mark.article("NM-12")
def test_an_open_list_allows_further_contents_and_a_closed_one_does_not() -> None:
    further = FULL | {"confidentiality": "保密"}
    rules.check_contents(inner_mongolia(), further)
    with pytest.raises(InvalidInput) as refused:
        rules.check_contents(changed(lists={"contract.contents": {"open": False}}), further)
    assert [error.pointer for error in refused.value.errors] == ["/contents/confidentiality"]


def test_a_regulation_without_the_list_asks_for_no_contents() -> None:
    rules.check_contents(changed(lists={"contract.contents": None}), {})


@pytest.mark.article("NM-12")
def test_only_recruited_staff_conclude_a_labour_contract() -> None:
    rules.check_relation(inner_mongolia(), "community_staff")
    for category in ("committee_member", "no_such_category"):
        with pytest.raises(RuleRefused):
            rules.check_relation(inner_mongolia(), category)


@pytest.mark.article("NM-12")
def test_the_party_is_the_unit_at_the_level_the_regulation_names() -> None:
    township, other = new_id(), new_id()
    figure = rules.party_level(inner_mongolia(), START)
    assert figure.text() == "township"
    rules.check_party(inner_mongolia(), figure, township, township)
    for party in (other, None):
        with pytest.raises(RuleRefused) as refused:
            rules.check_party(inner_mongolia(), figure, party, township)
        assert refused.value.article == "NM-12"


def test_a_regulation_that_names_no_party_refuses_to_guess_one() -> None:
    silent = changed({"contract.party_level": {"absent": True}})
    with pytest.raises(NotRegulated):
        rules.party_level(silent, START).text()


@pytest.mark.article("NM-12")
def test_only_a_post_of_the_party_signs_for_it() -> None:
    figure = rules.party_level(inner_mongolia(), START)
    rules.check_signatory(figure, 4000, 4000)
    for acting in (3000, 4001, None):
        with pytest.raises(RuleRefused):
            rules.check_signatory(figure, 4000, acting)


@pytest.mark.article("LCL-19")
@pytest.mark.parametrize(
    ("kind", "before", "lawful"),
    [
        ("fixed", months_after(3, -1), 0),
        ("fixed", months_after(3), 1),
        ("fixed", months_after(12, -1), 1),
        ("fixed", months_after(12), 2),
        ("fixed", months_after(36, -1), 2),
        ("fixed", months_after(36), 6),
        ("open_ended", None, 6),
    ],
)
def test_probation_reaches_its_limit_and_not_a_month_more(
    kind: Literal["fixed", "open_ended"], before: date | None, lawful: int
) -> None:
    rules.check_probation(inner_mongolia(), kind, START, before, lawful)
    with pytest.raises(RuleRefused) as refused:
        rules.check_probation(inner_mongolia(), kind, START, before, lawful + 1)
    assert refused.value.article == "LCL-19"
    assert refused.value.detail is not None
    assert f"{lawful + 1} months" in refused.value.detail.en
    assert f"at most {lawful} for this term" in refused.value.detail.en
    assert refused.value.findings[0]["value"] == lawful


@pytest.mark.article("LCL-19")
@given(
    start=st.dates(date(2010, 1, 1), date(2090, 1, 1)),
    days=st.integers(1, 4000),
    asked=st.integers(0, 24),
)
def test_what_is_lawful_for_a_term_stays_lawful_for_a_longer_one_and_for_less(
    start: date, days: int, asked: int
) -> None:
    def passes(length: int, months: int) -> bool:
        try:
            rules.check_probation(inner_mongolia(), "fixed", start, start + timedelta(days=length), months)
        except RuleRefused:
            return False
        return True

    if passes(days, asked):
        assert passes(days + 1, asked)
        assert asked == 0 or passes(days, asked - 1)
        assert asked <= 6


@given(start=st.dates(date(1990, 1, 1), date(2199, 12, 31)), months=st.integers(1, 120))
def test_a_probation_ends_after_it_begins_and_never_overshoots_its_months(start: date, months: int) -> None:
    end = rules.probation_end(start, months)
    assert end is not None
    assert start < end
    assert end == before_after_months(start, months)


@pytest.mark.article("LCL-19")
def test_employer_and_worker_agree_one_probation_only() -> None:
    rules.check_only_probation(inner_mongolia(), START, earlier=0, months=2)
    rules.check_only_probation(inner_mongolia(), START, earlier=1, months=0)
    with pytest.raises(RuleRefused) as refused:
        rules.check_only_probation(inner_mongolia(), START, earlier=1, months=1)
    assert refused.value.article == "LCL-19"


@pytest.mark.article("LCL-25", "NM-12")
def test_a_general_penalty_is_refused_and_none_is_not() -> None:
    rules.check_penalty(inner_mongolia(), START, None)
    rules.check_penalty(inner_mongolia(), START, rules.Penalty("other", Decimal(0), None))
    rules.check_penalty(inner_mongolia(), START, rules.Penalty("non_compete", Decimal(5000), None))
    with pytest.raises(RuleRefused) as refused:
        rules.check_penalty(inner_mongolia(), START, rules.Penalty("other", Decimal("0.01"), None))
    assert refused.value.article == "LCL-25"


@pytest.mark.article("LCL-22")
def test_a_training_penalty_reaches_the_cost_of_the_training_and_not_a_cent_more() -> None:
    rules.check_penalty(
        inner_mongolia(), START, rules.Penalty("training_service", Decimal("3000.00"), Decimal("3000.00"))
    )
    for cost in (Decimal("2999.99"), None):
        with pytest.raises(RuleRefused) as refused:
            rules.check_penalty(inner_mongolia(), START, rules.Penalty("training_service", Decimal("3000.00"), cost))
        assert refused.value.article == "LCL-22"


@pytest.mark.article("SH-8")
def test_the_regiment_is_the_party_and_the_text_lists_no_contents() -> None:
    figure = rules.party_level(shuanghe(), START)
    assert (figure.text(), figure.article) == ("township", "SH-8(5)")
    rules.check_contents(shuanghe(), {})
    rules.check_contents(shuanghe(), {"duties": "按岗位职责执行"})
    with pytest.raises(RuleRefused) as refused:
        rules.check_party(shuanghe(), figure, None, new_id())
    assert refused.value.article == "SH-8(5)"
    assert "团场（街道）" in refused.value.detail.zh  # type: ignore[union-attr]  # a refusal of a rule says why


@pytest.mark.article("SH-2")
def test_a_service_agreement_is_concluded_where_it_is_on_record_and_nowhere_else() -> None:
    rules.check_relation(shuanghe(), "community_staff")
    rules.check_relation(shuanghe(), "community_staff", "service_agreement", "师市民政备案名册第3号")
    with pytest.raises(InvalidInput) as unrecorded:
        rules.check_relation(shuanghe(), "community_staff", "service_agreement")
    assert [error.pointer for error in unrecorded.value.errors] == ["/relation_basis"]
    with pytest.raises(InvalidInput):
        rules.check_relation(shuanghe(), "community_staff", "labour_contract", "多余的依据")
    for category in ("committee_member", "public_welfare", "community_police"):
        with pytest.raises(RuleRefused):
            rules.check_relation(shuanghe(), category, "service_agreement", "名册")
    with pytest.raises(RuleRefused) as unknown_here:
        rules.check_relation(inner_mongolia(), "community_staff", "service_agreement", "名册")
    assert unknown_here.value.article == "NM-3"


@pytest.mark.article("SH-2", "LCL-19")
def test_a_service_agreement_has_no_probation() -> None:
    assert rules.binds(shuanghe(), "labour_contract")
    assert not rules.binds(shuanghe(), "service_agreement")
    rules.check_no_probation(shuanghe(), "labour_contract", 6)
    rules.check_no_probation(shuanghe(), "service_agreement", 0)
    with pytest.raises(RuleRefused) as refused:
        rules.check_no_probation(shuanghe(), "service_agreement", 1)
    assert refused.value.article == "LCL-19"
