"""What a move to another tenant asks of the giving side (NM-23, NM-7, SH-4)."""

from datetime import date, timedelta

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.regulation.pack import Pack
from services.roster.crossing import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

TODAY = date(2025, 11, 24)
DAY = timedelta(1)


def test_inside_one_tenant_a_transfer_is_what_moves() -> None:
    rules.check_other_tenant(1, 2)
    with pytest.raises(InvalidInput):
        rules.check_other_tenant(1, 1)


@pytest.mark.article("NM-7", "SH-4")
@pytest.mark.parametrize("pack", [inner_mongolia(), shuanghe()], ids=lambda pack: pack.id)
def test_an_elected_office_ends_only_with_the_record_of_its_rules(pack: Pack) -> None:
    rules.check_offices(pack, ["staff"], None)
    rules.check_offices(pack, ["staff", "director"], "居民会议决定〔2025〕3号")
    with pytest.raises(RuleRefused):
        rules.check_offices(pack, ["staff", "director"], None)
    assert [each.label.en for each in rules.elected(pack, ["staff", "mayor"])] == []


def test_states() -> None:
    rules.check_state("released", ("released", "consented"))
    with pytest.raises(WrongState):
        rules.check_state("completed", ("released", "consented"))


def test_only_posts_that_began_before_the_day_can_end_on_it() -> None:
    assert rules.can_leave([TODAY - DAY], False, None, TODAY)
    assert not rules.can_leave([TODAY], False, None, TODAY)
    assert not rules.can_leave([TODAY - DAY, None], False, None, TODAY)
    assert not rules.can_leave([], False, None, TODAY)
    assert not rules.can_leave([TODAY - DAY], True, None, TODAY)
    assert rules.can_leave([TODAY - DAY], True, "居民会议决定〔2025〕3号", TODAY)


@pytest.mark.parametrize("pack", [inner_mongolia(), shuanghe()], ids=lambda pack: pack.id)
def test_no_text_says_how_long_an_offer_stands_so_the_figure_is_ours(pack: Pack) -> None:
    figure = pack.parameter(rules.ANSWER_DAYS, TODAY)
    assert figure.integer() > 0
    assert figure.article is None
