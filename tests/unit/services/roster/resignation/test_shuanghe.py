"""Both texts of a resignation: the regulation's and the statute's, which prevails for a labour contract (SH-26)."""

from datetime import date

import pytest

from kernel.errors import Conflict, InvalidInput, RuleRefused, WrongState
from services.roster.resignation import rules
from services.roster.resignation.rules import Notice
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

PACK = shuanghe()
DAY = date(2025, 10, 20)


@pytest.mark.article("SH-26", "LCL-37")
@pytest.mark.parametrize(
    ("probation_before", "last", "rule"),
    [
        (None, date(2025, 11, 19), "resignation.notice_days"),
        (DAY, date(2025, 11, 19), "resignation.notice_days"),
        (date(2025, 10, 21), date(2025, 10, 23), "resignation.probation_notice_days"),
    ],
)
def test_the_statute_ends_the_contract_and_the_condition_of_the_text_is_shown_beside_it(
    probation_before: date | None, last: date, rule: str
) -> None:
    made = rules.findings(PACK, "statute", Notice(DAY, probation_before, None))
    assert [each.article for each in made] == ["SH-26", "LCL-37", "SH-26", "LCL-37"]
    assert (made[1].rule, made[1].value) == (rule, last)
    assert (made[2].outcome, made[2].value, made[2].facts["statute"]) == ("relaxed", last, "LCL-37")
    assert made[3].facts["forwarded_on"] == "2025-10-20"


@pytest.mark.article("SH-26")
def test_an_agreement_waits_for_thirty_days_approval_and_hand_over() -> None:
    assert rules.path_of(PACK, "service_agreement") == "agreement"
    assert rules.agreed_day(PACK, DAY, None) == date(2025, 11, 19)
    assert rules.agreed_day(PACK, DAY, date(2025, 12, 1)) == date(2025, 12, 1)
    with pytest.raises(InvalidInput):
        rules.agreed_day(PACK, DAY, date(2025, 11, 18))
    [received, waiting] = rules.findings(PACK, "agreement", None, date(2025, 11, 19))
    assert (received.article, waiting.article, waiting.outcome) == ("SH-26", "SH-26", "needs_judgement")


@pytest.mark.article("SH-26", "NM-29")
def test_approval_is_given_once_and_only_where_it_is_written() -> None:
    rules.check_approval(PACK, "given", None)
    for state, approved_on in (("given", DAY), ("withdrawn", None)):
        with pytest.raises(WrongState):
            rules.check_approval(PACK, state, approved_on)
    with pytest.raises(RuleRefused):
        rules.check_approval(inner_mongolia(), "given", None)
    with pytest.raises(Conflict):
        rules.path_of(inner_mongolia(), "service_agreement")
    assert [each.article for each in rules.findings(inner_mongolia(), "statute", Notice(DAY, None, None))] == [
        "NM-29",
        "LCL-37",
    ]
