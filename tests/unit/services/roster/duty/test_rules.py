"""What stands before duty: the contract signed, the pre-service hours done (NM-12, NM-20)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.errors import InvalidInput, RuleRefused
from services.roster.duty import rules
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

DAY = date(2025, 3, 10)
EARLIER = DAY - timedelta(days=1)


def gate() -> rules.Figure:
    figure = rules.gate(inner_mongolia(), DAY)
    assert figure is not None
    return figure


def test_duty_begins_today_or_earlier() -> None:
    rules.check_day(DAY, DAY)
    rules.check_day(EARLIER, DAY)
    with pytest.raises(InvalidInput):
        rules.check_day(DAY, EARLIER)


@pytest.mark.article("NM-12")
def test_without_a_contract_signed_by_both_the_finding_cites_the_contract_article() -> None:
    unsigned = rules.contract_finding(inner_mongolia(), DAY, None, covered=False)
    assert (unsigned.outcome, unsigned.article) == ("not_met", "NM-12")
    outside = rules.contract_finding(inner_mongolia(), EARLIER, DAY, covered=False)
    assert outside.outcome == "not_met"
    assert DAY.isoformat() in outside.message.en
    assert rules.contract_finding(inner_mongolia(), DAY, DAY, covered=True).passes


@pytest.mark.article("NM-20")
@pytest.mark.parametrize(
    ("training", "outcome"),
    [
        (None, "not_met"),
        (rules.Training(Decimal(24), Decimal("23.5"), None), "not_met"),
        (rules.Training(Decimal(24), Decimal(24), EARLIER), "met"),
        (rules.Training(Decimal(24), Decimal(24), DAY), "met"),
        (rules.Training(Decimal(24), Decimal(24), DAY + timedelta(days=1)), "not_met"),
    ],
)
def test_the_hours_are_done_by_the_first_day_on_duty(training: rules.Training | None, outcome: str) -> None:
    finding = rules.training_finding(gate(), training, DAY)
    assert (finding.outcome, finding.article) == (outcome, "NM-20")
    assert finding.facts["required_hours"] == "24"


@pytest.mark.article("NM-20")
def test_the_finding_shows_what_counts_against_what_is_required() -> None:
    finding = rules.training_finding(gate(), rules.Training(Decimal("24.00"), Decimal("23.50"), None), DAY)
    assert "23.50 hours count of 24.00 required" in finding.message.en
    assert finding.value == "0.50"


def test_a_regulation_without_gate_has_none() -> None:
    absent = changed({"training.pre_service_gate_relations": {"absent": True}})
    assert rules.gate(absent, DAY) is None


@pytest.mark.article("NM-20")
def test_a_gate_for_other_relations_does_not_stop_hired_staff() -> None:
    elected = {"value": ["elected_office"], "article": "NM-20", "words": "新选聘的社区工作者上岗前应当接受"}
    assert rules.gate(changed({"training.pre_service_gate_relations": elected}), DAY) is None


def test_all_that_is_not_met_is_told_at_once_under_the_first_article() -> None:
    contract = rules.contract_finding(inner_mongolia(), DAY, None, covered=False)
    training = rules.training_finding(gate(), None, DAY)
    with pytest.raises(RuleRefused) as refused:
        rules.refuse_unless_met([contract, training])
    assert refused.value.article == "NM-12"
    assert [finding["rule"] for finding in refused.value.findings] == [
        "duty.contract_signed",
        "duty.pre_service_hours",
    ]
    rules.refuse_unless_met([rules.contract_finding(inner_mongolia(), DAY, DAY, covered=True)])


@pytest.mark.article("SH-8", "SH-27")
def test_no_hours_stand_before_duty_where_the_text_asks_none_of_hired_staff() -> None:
    for relation in ("labour_contract", "service_agreement"):
        assert rules.gate(shuanghe(), DAY, relation) is None
    assert rules.gate(inner_mongolia(), DAY, "service_agreement") is None
    assert rules.contract_finding(shuanghe(), DAY, None, covered=False).article == "SH-8(5)"
