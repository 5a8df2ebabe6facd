"""Until when a probation is decided (NM-37(1), LCL 39)."""

from datetime import date

import pytest

from kernel.errors import RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.assessment.probation import rules
from tests.unit.services.assessment.packs import changed, inner_mongolia

LAST = date(2025, 4, 30)


@pytest.mark.article("NM-37")
def test_the_last_day_is_in_time_and_the_next_is_not() -> None:
    pack = inner_mongolia()
    rules.check_in_time(pack, LAST, LAST)
    rules.check_in_time(pack, LAST, date(2025, 4, 1))
    with pytest.raises(RuleRefused) as refused:
        rules.check_in_time(pack, LAST, date(2025, 5, 1))
    assert refused.value.article == "NM-37(1)"
    assert refused.value.findings[0].value == 1


def test_where_no_probation_is_assessed_there_is_no_list_and_no_decision() -> None:
    silent = changed({}, without=(rules.IN_TIME,))
    assert rules.notice_days(silent, LAST) is None
    with pytest.raises(NotRegulated):
        rules.check_in_time(silent, LAST, LAST)
    assert rules.notice_days(inner_mongolia(), LAST) == 30
    assert rules.notice_days(changed({rules.NOTICE: {"absent": True}}), LAST) == 0


def test_the_first_conclusion_stands() -> None:
    for state in ("waiting", "due", "lapsed"):
        rules.check_undecided(state)
    for state in ("passed", "failed"):
        with pytest.raises(WrongState):
            rules.check_undecided(state)
