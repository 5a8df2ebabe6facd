"""Unbroken work out of posts and contracts, and the end of a term that comes near."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, RuleRefused
from kernel.regulation.national.tenure import DEEMED_AFTER, FIXED_TERMS, LONG_SERVICE, Concluded
from services.roster.tenure import rules
from services.roster.tenure.rules import Span, Work
from tests.unit.services.roster.packs import inner_mongolia

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
ON = date(2026, 6, 1)


def span(start: date, before: date | None, relation: str = "labour_contract", *, post: bool = True) -> Span:
    return Span(start, before, relation, post)


def concluded(start: date, before: date | None) -> Concluded:
    return Concluded("fixed" if before else "open_ended", "new", start, before, start)


def work(spans: list[Span], contracts: list[Concluded] | None = None) -> Work:
    made = rules.work_of(inner_mongolia(), ON, spans, contracts or [])
    assert made is not None
    return made


@pytest.mark.parametrize(("gap", "worked_from"), [(0, date(2020, 1, 1)), (1, date(2024, 1, 2))])
def test_a_gap_of_a_day_breaks_the_work(gap: int, worked_from: date) -> None:
    second = date(2024, 1, 1) + timedelta(days=gap)
    made = work([span(date(2020, 1, 1), date(2024, 1, 1)), span(second, None)])
    assert made.tenure.worked_from == worked_from


def test_a_post_closes_the_gap_between_two_contracts() -> None:
    made = work(
        [
            span(date(2020, 1, 1), date(2023, 1, 1)),
            span(date(2023, 3, 1), date(2026, 3, 1)),
            span(date(2020, 1, 1), None),
        ],
        [concluded(date(2020, 1, 1), date(2023, 1, 1)), concluded(date(2023, 3, 1), date(2026, 3, 1))],
    )
    assert (made.tenure.worked_from, len(made.tenure.contracts), made.goes_on) == (date(2020, 1, 1), 2, True)


def test_a_term_fills_what_lies_between_two_posts_and_alone_is_no_work_yet() -> None:
    term = span(date(2020, 1, 1), None, post=False)
    assert rules.work_of(inner_mongolia(), ON, [term], [concluded(date(2020, 1, 1), None)]) is None
    made = work([term, span(date(2020, 2, 1), date(2022, 1, 1)), span(date(2022, 6, 1), None)])
    assert (made.tenure.worked_from, made.goes_on) == (date(2020, 2, 1), True)
    assert not work([term, span(date(2020, 2, 1), date(2022, 1, 1))]).goes_on


def test_contracts_before_a_break_and_after_the_day_are_left_out() -> None:
    terms = [(date(2018, 1, 1), date(2020, 1, 1)), (date(2022, 1, 1), date(2025, 1, 1)), (date(2025, 1, 1), None)]
    to_come = concluded(date(2027, 1, 1), None)
    made = work([span(*each) for each in terms], [*(concluded(*each) for each in terms), to_come])
    assert [each.start for each in made.tenure.contracts] == [date(2022, 1, 1), date(2025, 1, 1)]


def test_an_office_is_no_employment_and_service_under_an_agreement_does_not_lengthen_it() -> None:
    office = span(date(2010, 1, 1), None, "elected_office")
    assert rules.work_of(inner_mongolia(), ON, [office], []) is None
    agreed = span(date(2010, 1, 1), date(2020, 1, 1), "service_agreement")
    made = work([office, agreed, span(date(2020, 1, 1), None)])
    assert (made.tenure.relation, made.tenure.worked_from) == ("labour_contract", date(2020, 1, 1))


def test_a_change_of_the_employers_name_goes_on_from_the_earlier_one() -> None:
    changed = [(ONE, "new"), (TWO, "employer_changed"), (THREE, "employer_changed")]
    assert rules.employers(THREE, changed) == {ONE, TWO, THREE}
    assert rules.employers(THREE, [(ONE, "new"), (TWO, "new"), (THREE, "employer_changed")]) == {TWO, THREE}
    assert rules.employers(TWO, [(ONE, "new"), (TWO, "new")]) == {TWO}


@pytest.mark.parametrize(
    ("before", "goes_on", "outcome"),
    [
        (date(2026, 8, 2), True, None),
        (date(2026, 8, 1), True, "needs_judgement"),
        (date(2026, 6, 2), True, "needs_judgement"),
        (date(2026, 6, 1), True, "not_met"),
        (date(2026, 6, 1), False, None),
    ],
)
@pytest.mark.article("LCL-10")
def test_a_term_is_listed_before_its_end_and_when_work_goes_on_after_it(
    before: date, goes_on: bool, outcome: str | None
) -> None:
    spans = [span(date(2024, 1, 1), before, post=False), span(date(2024, 1, 1), None if goes_on else before)]
    found = rules.findings(inner_mongolia(), ON, work(spans, [concluded(date(2024, 1, 1), before)]))
    listed = [each for each in found if each.rule == rules.TERM]
    assert [each.outcome for each in listed] == ([outcome] if outcome else [])
    assert all(rules.asks_something(each) for each in listed)


def test_only_what_waits_for_somebody_is_listed() -> None:
    made = rules.findings(inner_mongolia(), ON, work([span(date(2026, 5, 20), None)]))
    assert [(each.rule, rules.asks_something(each)) for each in made] == [
        ("contract.written", False),
        ("contract.open_ended_service", False),
        ("contract.open_ended_terms", False),
    ]
    late = rules.findings(inner_mongolia(), ON, work([span(date(2026, 1, 20), None)]))
    assert [each.rule for each in late if rules.asks_something(each)] == ["contract.written"]


@given(st.lists(st.tuples(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 900)), min_size=1, max_size=8))
def test_what_is_joined_has_no_day_without_work_and_the_rest_does_not_touch_it(given_: list[tuple[date, int]]) -> None:
    spans = [span(start, start + timedelta(days=length)) for start, length in given_]
    joined = rules.unbroken(spans)
    first = min(each.start for each in joined)
    last = max(each.before for each in joined if each.before)
    covered = {each.start + timedelta(days=day) for each in joined for day in range((each.before - each.start).days)}  # type: ignore[operator]  # every span here has an end
    assert covered == {first + timedelta(days=day) for day in range((last - first).days)}
    assert all(each.before is not None and each.before < first for each in spans if each not in joined)


@pytest.mark.article("LCL-14")
@pytest.mark.parametrize("path", [LONG_SERVICE, FIXED_TERMS, DEEMED_AFTER])
def test_a_fixed_term_where_an_open_ended_one_is_owed_needs_the_workers_request(path: str) -> None:
    owed = inner_mongolia().parameter(path, ON)
    with pytest.raises(RuleRefused) as refused:
        rules.check_open_ended(owed, "fixed", None)
    assert refused.value.article == owed.article
    assert refused.value.findings[0]["facts"] == {"owed_by": path, "reason": None}
    rules.check_open_ended(owed, "fixed", "worker_asks")
    rules.check_open_ended(owed, "open_ended", None)
    rules.check_open_ended(None, "fixed", None)


@pytest.mark.article("LCL-14")
def test_a_ground_of_dismissal_stands_against_two_terms_and_not_against_ten_years() -> None:
    rules.check_open_ended(inner_mongolia().parameter(FIXED_TERMS, ON), "fixed", "dismissal_ground")
    for path in (LONG_SERVICE, DEEMED_AFTER):
        with pytest.raises(RuleRefused):
            rules.check_open_ended(inner_mongolia().parameter(path, ON), "fixed", "dismissal_ground")


@pytest.mark.article("LCL-14")
def test_an_open_ended_contract_is_not_reasoned() -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.check_open_ended(None, "open_ended", "worker_asks")
    assert refused.value.errors[0].pointer == "/fixed_term_basis"


@pytest.mark.article("LCL-14")
@pytest.mark.parametrize(("before", "owed"), [(None, LONG_SERVICE), (date(2026, 6, 2), LONG_SERVICE), (ON, None)])
def test_work_that_was_broken_off_owes_nothing(before: date | None, owed: str | None) -> None:
    made = rules.owed(inner_mongolia(), ON, work([span(date(2015, 1, 1), before)]))
    assert (made.path if made else None) == owed
