"""What may be asked of a community: listed matters, other matters, help, registers (NM-21, NM-22)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.roster.admission import rules
from tests.unit.services.roster.packs import changed, inner_mongolia

SIX = (
    "administrative_enforcement",
    "demolition",
    "environment_cleanup",
    "city_governance",
    "investment_promotion",
    "work_safety",
)


@pytest.mark.article("NM-22")
@pytest.mark.parametrize("matter", SIX)
def test_a_community_is_never_the_responsible_body_for_a_listed_matter_and_may_help(matter: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules.judge(inner_mongolia(), matter, "responsible_body")
    assert refused.value.article == "NM-22"
    assert refused.value.findings[0]["facts"] == {"matter": matter, "role": "responsible_body"}
    helping = rules.judge(inner_mongolia(), matter, "help")
    assert not helping.waits
    assert helping.finding is not None
    assert helping.finding.outcome == "met"


@pytest.mark.article("NM-22")
def test_the_list_is_the_text_s_and_open() -> None:
    listed = inner_mongolia().item_list(rules.BARRED)
    assert listed is not None
    assert (set(listed.items), listed.open) == (set(SIX), True)
    assert all(item.label.zh in (listed.words or "") for item in listed.items.values())


@pytest.mark.article("NM-22")
def test_another_matter_goes_to_a_human_where_the_list_is_open() -> None:
    pack = inner_mongolia()
    assert rules.judge(pack, "other", "responsible_body").waits
    assert not rules.judge(pack, "other", "help").waits
    closed = changed(lists={rules.BARRED: {"open": False}})
    assert not rules.judge(closed, "other", "responsible_body").waits
    assert rules.determined(pack, True, "同类").outcome == "not_met"
    assert rules.determined(pack, False, "不同类").article == "NM-22"


def test_an_unknown_matter_is_refused_and_a_regulation_without_list_does_not_judge() -> None:
    with pytest.raises(InvalidInput):
        rules.judge(inner_mongolia(), "gardening", "help")
    assert rules.judge(changed(lists={rules.BARRED: None}), "other", "responsible_body").finding is None
    assert rules.judge(inner_mongolia(), None, None).finding is None


@pytest.mark.article("NM-21")
def test_the_registers_are_those_of_the_text() -> None:
    registers = rules.check_register(inner_mongolia(), "app")
    assert set(registers.items) == {"matter", "signboard", "certificate", "app", "public_account", "work_group"}
    with pytest.raises(InvalidInput):
        rules.check_register(inner_mongolia(), "poster")
    with pytest.raises(NotRegulated):
        rules.check_register(changed(lists={rules.REGISTERS: None}), "app")


@pytest.mark.article("NM-21")
def test_only_what_was_not_admitted_may_be_declined() -> None:
    assert rules.check_not_admitted(inner_mongolia(), False) == "NM-21"
    with pytest.raises(RuleRefused):
        rules.check_not_admitted(inner_mongolia(), True)


def test_states_and_ends_are_held_to() -> None:
    for state in ("admitted", "adjusted"):
        rules.check_in_force(state)
    for state in ("applied", "removed", "refused"):
        with pytest.raises(WrongState):
            rules.check_in_force(state)
    rules.check_waiting("needs_determination")
    with pytest.raises(WrongState):
        rules.check_waiting("applied")
    rules.check_end(date(2025, 1, 1), date(2025, 1, 2))
    with pytest.raises(InvalidInput):
        rules.check_end(date(2025, 1, 1), date(2025, 1, 1))
