"""The written contract and the open-ended one: both sides of every boundary, and what always holds."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import before_after_months
from kernel.regulation import load
from kernel.regulation.findings import Finding
from kernel.regulation.national.tenure import (
    DEEMED_AFTER,
    FIXED_TERMS,
    LONG_SERVICE,
    Concluded,
    Tenure,
    counted_terms,
    due_on,
    owes_open_ended,
    tenure_findings,
)

pytestmark = pytest.mark.article("LCL-10", "LCL-14", "LCL-82", "LCL-97", "LCR-7", "LCR-12")
NATIONAL = load(Path(__file__).resolve().parents[5] / "regulations" / "national")
START = date(2024, 1, 10)
STARTS = st.dates(date(2008, 1, 1), date(2060, 12, 31))


def term(start: date, before: date | None, conclusion: str = "new", on: date | None = None) -> Concluded:
    return Concluded("fixed" if before else "open_ended", conclusion, start, before, on or start)


def found(on: date, tenure: Tenure) -> dict[str, Finding]:
    return {each.rule.removeprefix("contract."): each for each in tenure_findings(NATIONAL, on, tenure)}


@pytest.mark.parametrize(
    ("concluded_on", "on", "outcome", "months"),
    [
        (None, date(2024, 2, 9), "met", None),
        (None, date(2024, 2, 10), "not_met", 0),
        (None, date(2024, 3, 9), "not_met", 1),
        (None, date(2025, 1, 9), "not_met", 11),
        (None, date(2028, 1, 9), "not_met", 11),
        (date(2024, 2, 9), date(2025, 1, 1), "met", None),
        (date(2024, 2, 10), date(2025, 1, 1), "met", None),
        (date(2024, 2, 11), date(2025, 1, 1), "not_met", 0),
        (date(2024, 8, 10), date(2025, 1, 1), "not_met", 6),
        (date(2025, 6, 1), date(2026, 1, 1), "not_met", 11),
    ],
)
def test_double_pay_runs_from_the_second_month_to_the_eleventh_more(
    concluded_on: date | None, on: date, outcome: str, months: int | None
) -> None:
    contracts = (term(START, date(2027, 1, 10), on=concluded_on),) if concluded_on else ()
    made = found(on, Tenure("labour_contract", START, contracts))["written"]
    assert (made.outcome, made.value) == (outcome, months)
    assert made.article == ("LCL-10" if outcome == "met" else "LCL-82")


def test_after_a_year_an_open_ended_contract_is_deemed_concluded() -> None:
    short = found(date(2025, 1, 8), Tenure("labour_contract", START))["written"]
    assert short.facts["deemed_open_ended_on"] is None
    made = found(date(2025, 1, 10), Tenure("labour_contract", START))["written"]
    assert made.facts["deemed_open_ended_on"] == date(2025, 1, 10)
    assert made.facts["double_pay_until"] == date(2025, 1, 9)
    assert made.facts["pay_multiple"] == 2
    assert "每月支付 2 倍工资" in made.message.zh
    assert "视为已订立无固定期限劳动合同" in made.message.zh


def test_work_from_before_the_register_is_for_a_human_to_look_at() -> None:
    made = found(date(2025, 1, 8), Tenure("labour_contract", START, from_history=True))["written"]
    assert made.outcome == "needs_judgement"
    signed = Tenure("labour_contract", START, (term(START, date(2027, 1, 10)),), from_history=True)
    assert found(date(2025, 1, 8), signed)["written"].outcome == "met"


@pytest.mark.parametrize("relation", ["service_agreement", "elected_office", "public_welfare_post"])
def test_relations_that_the_rules_do_not_bind(relation: str) -> None:
    made = found(date(2040, 1, 1), Tenure(relation, START))
    assert made["open_ended_service"].outcome == "not_regulated"
    assert "open_ended_terms" not in made
    assert made["written"].outcome == ("not_met" if relation == "public_welfare_post" else "not_regulated")


@pytest.mark.parametrize(
    ("on", "already", "outcome"),
    [
        (date(2034, 1, 8), False, "not_met"),
        (date(2034, 1, 9), False, "needs_judgement"),
        (date(2034, 1, 9), True, "met"),
        (date(2034, 1, 8), True, "not_met"),
    ],
)
def test_ten_years_of_unbroken_work(on: date, already: bool, outcome: str) -> None:
    contracts = (term(START, None),) if already else ()
    assert found(on, Tenure("labour_contract", START, contracts))["open_ended_service"].outcome == outcome


@pytest.mark.parametrize(
    ("conclusion", "months", "before", "after"),
    [
        ("new", 1, 2, 2),
        ("extension", 12, 1, 2),
        ("extension", 11, 1, 1),
        ("automatic_renewal", 1, 1, 2),
        ("employer_changed", 1, 1, 2),
    ],
)
def test_what_counts_as_another_term_changed_with_the_interpretation(
    conclusion: str, months: int, before: int, after: int
) -> None:
    end = before_after_months(START, 12)
    terms = [term(START, end), term(end, before_after_months(end, months), conclusion)]
    assert counted_terms(NATIONAL, date(2025, 8, 31), terms) == before
    assert counted_terms(NATIONAL, date(2025, 9, 1), terms) == after


def test_two_fixed_terms_give_the_right_unless_one_is_open_ended_already() -> None:
    second = date(2025, 1, 10)
    terms = (term(START, second), term(second, date(2026, 1, 10)))
    asked = found(date(2025, 12, 1), Tenure("labour_contract", START, terms))["open_ended_terms"]
    assert (asked.outcome, asked.value) == ("needs_judgement", 2)
    third = (*terms, term(date(2026, 1, 10), None))
    assert found(date(2026, 2, 1), Tenure("labour_contract", START, third))["open_ended_terms"].outcome == "met"
    one = found(date(2025, 12, 1), Tenure("labour_contract", START, terms[:1]))["open_ended_terms"]
    assert (one.outcome, one.value) == ("not_met", 1)


TWO = (term(START, date(2025, 1, 10)), term(date(2025, 1, 10), date(2026, 1, 10)))


def owed(on: date, tenure: Tenure) -> str | None:
    figure = owes_open_ended(NATIONAL, on, tenure)
    return figure.path if figure else None


@pytest.mark.parametrize(
    ("on", "contracts", "path"),
    [
        (date(2034, 1, 8), TWO[:1], None),
        (date(2034, 1, 9), TWO[:1], LONG_SERVICE),
        (date(2026, 1, 9), TWO, FIXED_TERMS),
        (date(2026, 1, 9), (TWO[0], term(date(2025, 1, 10), None)), None),
        (date(2034, 1, 9), (TWO[0], term(date(2025, 1, 10), None)), None),
        (date(2025, 1, 9), (), None),
        (date(2025, 1, 10), (), DEEMED_AFTER),
    ],
)
def test_what_makes_the_next_contract_open_ended(on: date, contracts: tuple[Concluded, ...], path: str | None) -> None:
    assert owed(on, Tenure("labour_contract", START, contracts)) == path
    assert owed(on, Tenure("public_welfare_post", START, contracts)) is None


def test_nothing_is_deemed_of_work_from_before_the_register() -> None:
    assert owed(date(2026, 1, 10), Tenure("labour_contract", START, from_history=True)) is None
    assert owed(date(2034, 1, 9), Tenure("labour_contract", START, from_history=True)) == LONG_SERVICE


def test_a_contract_concluded_ahead_follows_the_work_before_its_term() -> None:
    assert due_on(date(2033, 12, 1), date(2034, 1, 10)) == date(2034, 1, 9)
    assert due_on(date(2034, 2, 1), date(2034, 1, 10)) == date(2034, 2, 1)


def test_a_third_fixed_term_without_a_reason_shows_double_pay_from_its_first_day() -> None:
    third = term(date(2026, 1, 10), date(2029, 1, 10), on=date(2026, 1, 5))
    made = found(date(2026, 3, 9), Tenure("labour_contract", START, (*TWO, third)))["fixed_instead"]
    assert (made.outcome, made.value, made.article) == ("needs_judgement", 2, "LCL-82")
    assert (made.facts["double_pay_from"], made.facts["pay_multiple"]) == (date(2026, 1, 10), 2)
    assert "每月支付 2 倍工资" in made.message.zh
    reasoned = Concluded("fixed", "new", third.start, third.before, third.concluded_on, reasoned=True)
    for contracts in (TWO, (*TWO, reasoned), (*TWO, term(date(2026, 1, 10), None))):
        assert "fixed_instead" not in found(date(2026, 3, 9), Tenure("labour_contract", START, contracts))
    # The day before its term begins nothing runs yet.
    assert "fixed_instead" not in found(date(2026, 1, 9), Tenure("labour_contract", START, (*TWO, third)))


def test_after_ten_years_it_runs_from_the_day_after_them_until_an_open_ended_one() -> None:
    late = term(date(2034, 1, 1), date(2037, 1, 1), on=date(2034, 2, 1))
    made = found(date(2034, 4, 9), Tenure("labour_contract", START, (late,)))["fixed_instead"]
    assert (made.facts["double_pay_from"], made.value) == (date(2034, 1, 10), 3)
    mended = (late, term(date(2037, 1, 1), None, on=date(2035, 1, 10)))
    made = found(date(2040, 1, 1), Tenure("labour_contract", START, mended))["fixed_instead"]
    assert (made.facts["double_pay_until"], made.value) == (date(2035, 1, 9), 12)
    ahead = term(date(2033, 12, 1), date(2036, 12, 1), on=date(2033, 12, 31))
    assert "fixed_instead" not in found(date(2034, 4, 9), Tenure("labour_contract", START, (ahead,)))


@settings(deadline=None)
@given(start=STARTS, late=st.integers(0, 3_000), later=st.integers(0, 3_000))
def test_waiting_longer_never_owes_less_and_never_more_than_eleven_months(start: date, late: int, later: int) -> None:
    on = start + timedelta(days=7_000)

    def owed(days: int) -> int:
        signed = term(start, None, on=start + timedelta(days=days))
        value = found(on, Tenure("labour_contract", start, (signed,)))["written"].value
        return value if isinstance(value, int) else 0

    assert owed(late) <= owed(late + later) <= 11


@settings(deadline=None)
@given(start=STARTS, lengths=st.lists(st.integers(1, 60), max_size=5), on=STARTS)
def test_another_fixed_term_never_counts_less(start: date, lengths: list[int], on: date) -> None:
    terms: list[Concluded] = []
    counted = [0]
    first = start
    for months in lengths:
        before = before_after_months(first, months)
        terms.append(term(first, before))
        counted.append(counted_terms(NATIONAL, on, terms))
        first = before
    assert counted == list(range(len(lengths) + 1))
