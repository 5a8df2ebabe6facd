"""One worker's slip: shares, allowances, clamps, sums to the cent, corrections (SH-15, SH-16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, InvalidInput, ParameterNotSet, WrongState
from kernel.ids import new_id
from services.roster.pay_terms import cents, check_level, last_day, read_terms, share
from services.roster.payroll import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe
from tests.unit.services.roster.payroll.terms import MONTH, STANDARD, laid, terms

D = Decimal
STAFF = rules.Payee(new_id(), "staff", "community_staff", wage=D("5000"))
SECRETARY = rules.Payee(new_id(), "secretary", "committee_member", wage=D("7000"))


def amounts(slip: rules.Slip) -> dict[str, Decimal]:
    return {line.code: line.amount for line in slip.lines}


@pytest.mark.article("SH-15")
def test_staff_get_sixty_per_cent_of_the_principal_and_half_of_the_reference_post() -> None:
    found = amounts(rules.compute(terms(), STAFF))
    # 5000.01 × 60 % = 3000.006 and 1200.05 × 50 % = 600.025, both half up.
    assert (found["base.share"], found["performance.share"]) == (D("3000.01"), D("600.03"))
    secretary = amounts(rules.compute(terms(), SECRETARY))
    assert (secretary["base.standard"], secretary["performance.standard"]) == (D("5000.01"), D("1500"))


@pytest.mark.article("SH-15")
@pytest.mark.parametrize(
    ("held", "amount", "flags"),
    [
        ((), None, []),
        (("assistant_social_worker",), "300", []),
        (("social_worker",), "500", []),
        (("assistant_social_worker", "social_worker"), "500", []),
        (("social_worker", "senior_social_worker"), "0", ["certificate_not_priced"]),
    ],
)
def test_the_highest_certificate_alone_is_paid(held: tuple[str, ...], amount: str | None, flags: list[str]) -> None:
    slip = rules.compute(terms(), replace(STAFF, certificates=dict.fromkeys(held, False)))
    assert amounts(slip).get("certificate_allowance") == (None if amount is None else D(amount))
    assert list(slip.flags) == flags


@pytest.mark.article("SH-15")
def test_a_member_of_the_two_committees_is_paid_it_too_and_flagged() -> None:
    slip = rules.compute(terms(), replace(SECRETARY, certificates={"social_worker": False}))
    assert amounts(slip)["certificate_allowance"] == D(500)
    assert slip.flags == ("allowance_of_committee_member",)


@pytest.mark.article("NM-19")
def test_where_it_may_be_given_it_waits_for_a_decision() -> None:
    may = replace(terms(), allowance_due=False)
    undecided = rules.compute(may, replace(STAFF, certificates={"social_worker": False}))
    assert "certificate_allowance" not in amounts(undecided)
    assert undecided.flags == ("allowance_not_decided",)
    decided = rules.compute(may, replace(STAFF, certificates={"social_worker": True}))
    assert amounts(decided)["certificate_allowance"] == D(500)


@pytest.mark.article("SH-16")
@pytest.mark.parametrize(
    ("wage", "base"),
    [
        ("3500", "4200"),
        ("4199.99", "4200"),
        ("4200", "4200"),
        ("4200.01", "4200.01"),
        ("21000", "21000"),
        ("21000.01", "21000"),
        ("30000", "21000"),
    ],
)
def test_the_base_lies_within_floor_and_ceiling(wage: str, base: str) -> None:
    slip = rules.compute(terms(), replace(STAFF, wage=D(wage)))
    assert slip.base == D(base)
    found = amounts(slip)
    assert found["pension.worker"] == cents(D(base) * D("0.08"))
    assert found["pension.employer"] == cents(D(base) * D("0.16"))


@pytest.mark.article("SH-16", "SIL-10", "SIL-23", "SIL-33", "SIL-44", "SIL-53")
def test_five_insurances_are_split_and_two_of_them_are_the_employers_alone() -> None:
    slip = rules.compute(terms(), STAFF)
    employer = {line.code: line.amount for line in slip.lines if line.side == "employer"}
    withheld = {line.code: line.amount for line in slip.lines if line.side == "withheld"}
    assert employer == {
        "pension.employer": D("800.00"),
        "unemployment.employer": D("25.00"),
        "medical.employer": D("375.00"),
        "maternity.employer": D("25.00"),
        "work_injury.employer": D("10.00"),
    }
    assert withheld == {
        "pension.worker": D("400.00"),
        "unemployment.worker": D("25.00"),
        "medical.worker": D("100.00"),
        "income_tax": D("0.00"),
    }
    # No housing fund: the text names none.
    assert not any(line.code.startswith("fund") for line in slip.lines)


@pytest.mark.article("SH-15", "SH-16")
def test_every_line_has_an_article_and_its_words() -> None:
    slip = rules.compute(terms(), replace(STAFF, certificates={"social_worker": False}))
    for line in slip.lines:
        ground = terms().grounds[line.code]
        assert ground.article in ("SH-15", "SH-16", "IIT-3"), line.code
        assert ground.words
    assert terms().grounds["base.standard"].source == "演示文件1号"


def test_a_worker_without_wage_base_is_a_problem_and_a_new_one_takes_the_first_month() -> None:
    unknown = rules.compute(terms(), replace(STAFF, wage=None))
    assert unknown.problems == ("wage_missing",)
    new = rules.compute(terms(), replace(STAFF, wage=None, new=True))
    assert (new.problems, new.base) == ((), D("4200.00"))
    strange = rules.compute(terms(), replace(SECRETARY, role="branch_member"))
    assert "standard_missing" in strange.problems


@pytest.mark.article("SH-15", "SH-16")
@given(
    wage=st.decimals(min_value=0, max_value=100_000, places=2),
    special=st.decimals(min_value=0, max_value=5_000, places=2),
    held=st.sets(st.sampled_from(["assistant_social_worker", "social_worker", "senior_social_worker"])),
    months=st.integers(min_value=0, max_value=11),
)
def test_lines_add_up_to_the_cent_and_come_out_the_same_again(
    wage: Decimal, special: Decimal, held: set[str], months: int
) -> None:
    payee = replace(
        STAFF,
        wage=wage,
        special=special,
        certificates=dict.fromkeys(held, False),
        before=rules.Cumulative(months, D(9000) * months, D(500) * months, D(0), D(0)),
    )
    slip = rules.compute(terms(), payee)
    assert slip == rules.compute(terms(), payee)
    assert all(line.amount == line.amount.quantize(D("0.01")) and line.amount >= 0 for line in slip.lines)
    signed = sum(line.amount * {"income": 1, "withheld": -1, "employer": 0}[line.side] for line in slip.lines)
    assert slip.net == signed


@pytest.mark.article("SH-15")
@given(st.integers(min_value=1, max_value=10_000_000))
def test_a_share_is_exact_and_half_up(amount: int) -> None:
    found = share(D(amount) / 100, D(60))
    assert found * 10_000 == (amount * 60 + 50) // 100 * 100


# what has to be set first


@pytest.mark.article("SH-15", "SH-16")
def test_nothing_is_computed_before_every_figure_is_set_and_all_are_named_at_once() -> None:
    with pytest.raises(ParameterNotSet) as refused:
        read_terms(shuanghe(), MONTH)
    assert {each.rule for each in refused.value.errors} == {
        "pay.standard",
        "pay.performance_reference",
        "insurance.medical_employer_percent",
        "insurance.maternity_employer_percent",
        "insurance.average_monthly_wage",
    }


@pytest.mark.article("SH-15")
def test_the_reference_post_must_be_bound() -> None:
    with pytest.raises(ParameterNotSet) as refused:
        read_terms(laid(pay__performance_reference=None), MONTH)
    assert refused.value.article == "SH-15"
    assert [each.rule for each in refused.value.errors] == ["pay.performance_reference"]
    with pytest.raises(Conflict):
        read_terms(laid(pay__performance_reference="staff"), MONTH)


@pytest.mark.article("SH-15")
@pytest.mark.parametrize(
    "standard",
    [
        [{**row, "principal": False} for row in STANDARD],
        [{"role": "secretary", "base": "1", "performance": "1", "principal": True}, STANDARD[1], *STANDARD[2:]],
        [*STANDARD, {"role": "branch_member", "base": "-1", "performance": "1"}],
        [*STANDARD, {"role": "branch_member", "base": "1"}],
    ],
)
def test_a_standard_that_cannot_be_used_is_refused(standard: list[Mapping[str, Any]]) -> None:
    with pytest.raises(Conflict) as refused:
        read_terms(laid(pay__standard=standard), MONTH)
    assert refused.value.article == "SH-15"


@pytest.mark.article("NM-16")
def test_where_the_league_has_set_nothing_the_level_is_named() -> None:
    with pytest.raises(ParameterNotSet) as refused:
        read_terms(inner_mongolia(), MONTH)
    assert refused.value.article == "NM-16"
    assert {each.rule for each in refused.value.errors} >= {"pay.schemes", "pay.standard", "pay.fund_percent"}


@pytest.mark.article("SH-16")
def test_the_staged_unemployment_rate_is_not_carried_on() -> None:
    assert read_terms(laid(), date(2025, 12, 1)).insurances
    with pytest.raises(ParameterNotSet):
        read_terms(laid(), date(2026, 1, 1))


@pytest.mark.article("SH-15")
def test_the_regiment_pays_and_no_other_level() -> None:
    check_level(shuanghe(), "township", MONTH)
    with pytest.raises(Conflict):
        check_level(shuanghe(), "league", MONTH)


# corrections


def test_a_correction_pays_the_difference_and_taxes_it_with_the_year() -> None:
    paid = rules.compute(terms(), STAFF)
    lines = {(line.code, line.side): line.amount for line in paid.lines}
    assert rules.difference(terms(), paid, lines) is None
    before = rules.Cumulative(1, paid.total("income"), paid.deducted, D(0), D(0))
    later = replace(STAFF, certificates={"social_worker": False}, before=before, counts_month=False)
    more = rules.difference(terms(), rules.compute(terms(), later), lines)
    assert more is not None
    assert amounts(more) == {"certificate_allowance": D(500), "income_tax": D(0)}
    assert next(line.facts["months"] for line in more.lines if line.code == "income_tax") == "1"
    less = rules.difference(terms(), paid, lines | {("certificate_allowance", "income"): D(500)})
    assert less is not None
    assert less.net == D(-500)


# which month, and whose


@pytest.mark.article("SH-15")
def test_the_last_paid_post_of_the_month_counts_and_the_first_of_the_standard_among_several() -> None:
    first, last = MONTH, last_day(MONTH)
    since = date(2021, 7, 1)
    director = ("director", "committee_member", 10, since, None)
    secretary = ("secretary", "committee_member", 10, since, None)
    police = ("police_officer", "community_police", 10, since, None)
    part_time = ("committee_member", "part_time_member", 10, since, None)
    assert rules.last_post([director, secretary], terms(), first, last) == rules.Held(
        "secretary", "committee_member", 10, part=False
    )
    assert rules.last_post([police, part_time], terms(), first, last) is None
    left = ("staff", "community_staff", 20, since, date(2025, 6, 16))
    came = ("staff", "community_staff", 30, date(2025, 6, 16), None)
    assert rules.last_post([left, came], terms(), first, last) == rules.Held("staff", "community_staff", 30, part=True)
    assert rules.last_post([left], terms(), first, last) == rules.Held("staff", "community_staff", 20, part=True)
    to_the_end = ("staff", "community_staff", 20, since, date(2025, 7, 1))
    found = rules.last_post([to_the_end], terms(), first, last)
    assert found is not None
    assert not found.part


def test_months_follow_each_other_and_each_has_one_run() -> None:
    june, july, paid = date(2025, 6, 1), date(2025, 7, 1), date(2025, 7, 10)
    rules.check_order(june, paid, None)
    rules.check_order(july, date(2025, 8, 10), (june, "approved", paid))
    rules.check_order(date(2026, 1, 1), date(2026, 2, 10), (date(2025, 12, 1), "approved", date(2026, 1, 10)))
    with pytest.raises(Conflict):
        rules.check_order(june, paid, (june, "approved", paid))
    with pytest.raises(WrongState):
        rules.check_order(july, paid, (june, "submitted", paid))
    with pytest.raises(WrongState):
        rules.check_order(date(2025, 8, 1), paid, (june, "approved", paid))
    with pytest.raises(InvalidInput):
        rules.check_order(july, date(2025, 7, 9), (june, "approved", paid))
    with pytest.raises(InvalidInput):
        rules.check_month(july, july, june)
    with pytest.raises(InvalidInput):
        rules.check_month(july, june, july)
    rules.check_correction(["approved"], paid, paid)
    for states in ([], ["draft"], ["approved", "submitted"]):
        with pytest.raises(WrongState):
            rules.check_correction(states, paid, paid)
    with pytest.raises(InvalidInput):
        rules.check_correction(["approved"], june, paid)
