"""What may be asked of a community, and with what means (NM-21, NM-22, SH-12, SH-13, SH-23)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.roster.admission import rules
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

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


@pytest.mark.article("SH-12")
def test_each_regulation_bars_its_own_matters() -> None:
    listed = shuanghe().item_list(rules.BARRED)
    assert listed is not None
    assert set(listed.items) == {
        "administrative_enforcement",
        "demolition",
        "city_management",
        "investment_promotion",
    }
    assert all(item.label.zh in (listed.words or "") for item in listed.items.values())
    with pytest.raises(RuleRefused) as refused:
        rules.judge(shuanghe(), "city_management", "responsible_body")
    assert refused.value.article == "SH-12"
    assert rules.judge(shuanghe(), "other", "responsible_body").waits
    with pytest.raises(InvalidInput):
        rules.judge(shuanghe(), "work_safety", "responsible_body")
    assert rules.check_not_admitted(shuanghe(), False) == "SH-12"


@pytest.mark.article("SH-23")
@pytest.mark.parametrize("role", ["responsible_body", "help"])
def test_a_forbidden_matter_is_refused_whatever_the_role(role: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules.judge(shuanghe(), "own_assessment", role)
    assert refused.value.article == "SH-23"
    with pytest.raises(InvalidInput):
        rules.judge(inner_mongolia(), "own_assessment", role)


@pytest.mark.article("SH-13")
def test_means_are_judged_where_the_regulation_writes_them_and_not_asked_elsewhere() -> None:
    bare: dict[str, object] = dict.fromkeys(
        ("pays_staff", "pays_office", "sends_staff", "sends_funds", "facilities", "training"), False
    )
    funded = bare | {"facilities": True, "training": True, "sends_funds": True, "stationing": "short_term"}
    starts = date(2025, 2, 10)
    on_time = rules.check_means(shuanghe(), funded | {"ready_on": starts}, starts)
    assert {finding.article for finding in on_time} == {"SH-13"}
    with pytest.raises(RuleRefused) as late:
        rules.check_means(shuanghe(), funded | {"ready_on": date(2025, 2, 11)}, starts)
    assert [finding["rule"] for finding in late.value.findings] == ["admission.short_term_in_time"]
    with pytest.raises(RuleRefused) as nothing:
        rules.check_means(shuanghe(), bare | {"stationing": "long_term", "ready_on": None}, starts)
    assert {finding["rule"] for finding in nothing.value.findings} == {
        "admission.facilities",
        "admission.training",
        "admission.long_term_staff",
        "admission.long_term_office",
    }
    with pytest.raises(InvalidInput) as unsaid:
        rules.check_means(shuanghe(), None, starts)
    assert unsaid.value.errors[0].article == "SH-13"
    assert rules.check_means(inner_mongolia(), None, starts) == []
