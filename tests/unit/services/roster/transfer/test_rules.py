"""What a transfer asks: another community, a day ahead, no elected office carried along (NM-23, NM-7)."""

from datetime import date, timedelta

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from services.roster.transfer import rules
from tests.unit.services.roster.packs import inner_mongolia

TODAY = date(2026, 5, 6)
DAY = timedelta(1)


@pytest.mark.article("NM-7")
def test_an_elected_office_is_not_carried_along() -> None:
    rules.check_role(inner_mongolia(), "staff")
    with pytest.raises(RuleRefused):
        rules.check_role(inner_mongolia(), "secretary")
    with pytest.raises(InvalidInput):
        rules.check_role(inner_mongolia(), "mayor")


@pytest.mark.article("NM-7")
def test_an_elected_office_ends_only_with_the_record_of_its_rules() -> None:
    rules.check_offices(inner_mongolia(), ["staff"], None)
    rules.check_offices(inner_mongolia(), ["director"], "居民会议决定〔2026〕3号")
    with pytest.raises(RuleRefused):
        rules.check_offices(inner_mongolia(), ["staff", "director"], None)


def test_places() -> None:
    rules.check_places(1, 2, "community", "community")
    rules.check_places(1, 2, "township", None)
    for origin, target, level in ((1, 1, "community"), (1, 2, "township")):
        with pytest.raises(InvalidInput):
            rules.check_places(origin, target, level, "community")


def test_days() -> None:
    rules.check_day(TODAY, TODAY)
    rules.check_still_ahead(TODAY, TODAY)
    rules.check_after(TODAY, [TODAY - DAY])
    with pytest.raises(InvalidInput):
        rules.check_day(TODAY - DAY, TODAY)
    with pytest.raises(WrongState):
        rules.check_still_ahead(TODAY - DAY, TODAY)
    with pytest.raises(InvalidInput):
        rules.check_after(TODAY, [TODAY])


def test_states() -> None:
    rules.check_state("released", ("released",))
    with pytest.raises(WrongState):
        rules.check_state("effective", ("released", "consented"))
