"""What the certificate of a contract's end says, and when there is an end to certify (LCL-50)."""

from datetime import date
from typing import Any

import pytest

from kernel.errors import WrongState
from services.roster.end_certificate import rules
from tests.unit.services.roster.packs import inner_mongolia
from tests.unit.services.roster.printing.test_rules import PARTIES

OVER = date(2028, 3, 10)


def over(**changes: Any) -> rules.Ended:
    given: dict[str, Any] = {
        "number": "n",
        "signed": True,
        "employment": True,
        "followed": False,
        "open_ended": False,
        "valid_from": date(2025, 3, 10),
        "before": OVER,
        "agreed_before": None,
        "ground": None,
        "worked_from": date(2025, 3, 10),
    }
    return rules.Ended(**given | changes)


@pytest.mark.article("LCL-50")
@pytest.mark.parametrize(
    ("changes", "today", "given"),
    [
        ({}, OVER, True),
        ({}, date(2028, 3, 9), False),
        ({"before": None}, OVER, False),
        ({"signed": False}, OVER, False),
        ({"employment": False}, OVER, False),
        ({"followed": True}, OVER, False),
    ],
)
def test_it_is_given_from_the_day_after_the_last_one(changes: dict[str, Any], today: date, given: bool) -> None:
    if given:
        rules.check(over(**changes), today, "LCL-50")
        return
    with pytest.raises(WrongState) as refused:
        rules.check(over(**changes), today, "LCL-50")
    assert refused.value.article == "LCL-50"


@pytest.mark.article("LCL-50")
@pytest.mark.parametrize(
    ("changes", "kind", "term"),
    [
        ({}, "终止", "固定期限，自2025年3月10日起至2028年3月9日止"),
        ({"ground": "retirement", "agreed_before": date(2030, 3, 10)}, "终止", "2030年3月9日"),
        ({"ground": "resignation"}, "解除", "2028年3月9日"),
        ({"ground": "exit", "open_ended": True}, "解除", "无固定期限，自2025年3月10日起"),
        ({"agreed_before": date(2030, 3, 10)}, "解除", "2030年3月9日"),
        ({"open_ended": True}, "解除", "无固定期限"),
    ],
)
def test_a_term_that_runs_out_and_retirement_end_it_and_all_else_dissolves_it(
    changes: dict[str, Any], kind: str, term: str
) -> None:
    within = inner_mongolia().parameter("compensation.transfer_within_days", OVER)
    shown = rules.values(over(**changes), PARTIES, within, OVER)
    assert (shown["kind"], shown["ended_on"], shown["article"]) == (kind, "2028年3月9日", "LCL-50")
    assert term in shown["term"]
    assert shown["transfer_within"] == "15"


@pytest.mark.parametrize(
    ("start", "before", "says"),
    [
        (date(2025, 3, 10), date(2028, 3, 10), "3年"),
        (date(2025, 3, 10), date(2028, 3, 9), "2年11个月"),
        (date(2025, 3, 10), date(2025, 4, 10), "1个月"),
        (date(2025, 3, 10), date(2025, 4, 9), "30天"),
        (date(2024, 3, 10), date(2025, 5, 10), "1年2个月"),
    ],
)
def test_years_and_months_are_full_ones(start: date, before: date, says: str) -> None:
    assert rules.length(start, before) == says
