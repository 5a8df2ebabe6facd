"""Economic compensation: the table of the working values, both sides of every boundary, and what always holds."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import before_after_months
from kernel.errors import InvalidInput, Text
from kernel.regulation import load
from kernel.regulation.findings import Finding
from kernel.regulation.national import compensation
from kernel.regulation.national.compensation import Ended, Wages, base_of, compensation_findings, months_of_pay

pytestmark = pytest.mark.article(
    "LCL-46", "LCL-47", "LCL-50", "LCL-87", "LCL-97", "LCR-12", "LCR-20", "LCR-21", "LCR-25", "LCR-27"
)
NATIONAL = load(Path(__file__).resolve().parents[5] / "regulations" / "national")
ON = date(2024, 7, 31)
ROWS = NATIONAL.parameter(compensation.SCALE, ON).rows()
MINIMUM, AVERAGE = Decimal(1980), Decimal(7000)
STARTS = st.dates(date(2008, 1, 1), date(2060, 12, 31))
PAY = st.decimals(min_value=0, max_value=200_000, places=2)


def known(pay: Decimal | int) -> Wages:
    return Wages(Decimal(pay), Decimal(pay), MINIMUM, AVERAGE, {})


def found(ended: Ended, wages: Wages) -> dict[str, Finding]:
    return {each.rule.removeprefix("compensation."): each for each in compensation_findings(NATIONAL, ended, wages)}


def ended(months: int, ground: str = "unfit", **more: bool) -> Ended:
    start = date(2010, 1, 1)
    return Ended("labour_contract", ground, start, before_after_months(start, months) - timedelta(days=1), **more)


@pytest.mark.parametrize(
    ("months", "pay", "count", "amount"),
    [
        (5, 4_000, "0.5", "2000.00"),
        (6, 4_000, "1", "4000.00"),
        (42, 4_000, "4", "16000.00"),
        (130, 21_000, "11", "231000.00"),
        (180, 21_001, "12", "252000.00"),
        (180, 21_000, "15", "315000.00"),
    ],
)
def test_the_working_values(months: int, pay: int, count: str, amount: str) -> None:
    made = found(ended(months), known(pay))["amount"]
    assert (made.facts["months"], made.value) == (Decimal(count), Decimal(amount))


@pytest.mark.parametrize(("last_day", "count"), [(date(2024, 7, 8), "0.5"), (date(2024, 7, 9), "1")])
def test_six_months_are_reached_with_their_last_day(last_day: date, count: str) -> None:
    assert months_of_pay(ROWS, date(2024, 1, 10), last_day + timedelta(days=1)) == Decimal(count)


def test_the_average_is_cut_or_raised_and_says_by_what() -> None:
    cases = {"21000.00": 21_000, "21000.01": Decimal("21000.01"), "1979.99": Decimal("1979.99"), "1980.00": 1_980}
    made = {name: found(ended(6), known(pay))["base"] for name, pay in cases.items()}
    assert [each.value for each in made.values()] == [Decimal(21_000), Decimal(21_000), Decimal(1_980), Decimal(1_980)]
    assert [each.article for each in made.values()] == ["LCL-47", "LCL-47", "LCR-27", "LCL-47"]
    assert [each.facts["above_ceiling"] for each in made.values()] == [False, True, False, False]
    assert made["21000.00"].remarks


def test_what_is_missing_is_named_and_nothing_is_assumed() -> None:
    lacking = {"minimum": Text("最低工资未设", "no minimum wage"), "last": Text("上月工资", "no last pay")}
    made = found(ended(28, instead_of_notice=True), Wages(Decimal(4_000), None, None, AVERAGE, lacking))
    assert made["due"].outcome == "met"
    assert made["service"].value == Decimal("2.5")
    for name, told in {"base": "no minimum wage", "notice_pay": "no last pay"}.items():
        assert (made[name].outcome, made[name].value) == ("needs_judgement", None)
        assert told in made[name].message.en
    assert made["base"].facts["missing"] == ["minimum"]
    assert (made["amount"].outcome, made["amount"].value) == ("needs_judgement", None)


@pytest.mark.parametrize(
    ("refused", "outcome", "rules"),
    [(None, "needs_judgement", 5), (False, "met", 5), (True, "not_met", 2)],
)
def test_a_term_that_is_over_pays_unless_the_same_terms_were_refused(
    refused: bool | None, outcome: str, rules: int
) -> None:
    over = Ended("labour_contract", "term_over", date(2021, 1, 1), ON, refused_renewal=refused)
    made = compensation_findings(NATIONAL, over, known(4_000))
    assert (made[0].outcome, made[0].article, len(made)) == (outcome, "LCL-46(5)", rules)


@pytest.mark.parametrize("ground", ["fault", "resignation", "agreed_on_workers_proposal", "retirement", "death"])
def test_grounds_without_compensation_have_no_sums(ground: str) -> None:
    made = compensation_findings(NATIONAL, ended(42, ground), known(4_000))
    assert [(each.rule, each.outcome) for each in made] == [
        ("compensation.due", "not_met"),
        ("compensation.formalities", "met"),
    ]


@pytest.mark.parametrize(
    ("relation", "article", "told"),
    [
        ("public_welfare_post", "LCR-12", "no compensation"),
        ("service_agreement", None, "no compensation"),
        ("elected_office", None, "no compensation"),
        ("dispatch", None, "the agency owes"),
    ],
)
def test_other_relations_are_not_bound(relation: str, article: str | None, told: str) -> None:
    made = compensation_findings(NATIONAL, Ended(relation, "unfit", date(2020, 1, 1), ON), known(4_000))
    assert (made[0].outcome, made[0].article) == ("not_regulated", article)
    assert told in made[0].message.en
    # The end of a public-welfare post is certified like that of any labour contract.
    assert [each.rule for each in made[1:]] == ["compensation.formalities"] * (relation == "public_welfare_post")


def test_pay_instead_of_notice_only_where_the_ground_knows_one_and_it_was_chosen() -> None:
    chosen = ended(42, instead_of_notice=True)
    assert found(chosen, known(4_000))["notice_pay"].value == Decimal("4000.00")
    assert "notice_pay" not in found(ended(42), known(4_000))
    assert "notice_pay" not in found(ended(42, "redundancy", instead_of_notice=True), known(4_000))
    agency = Ended("dispatch", "unfit", date(2020, 1, 1), ON, instead_of_notice=True)
    assert "notice_pay" not in found(agency, known(4_000))


def test_service_before_the_law_is_a_segment_of_its_own() -> None:
    made = found(Ended("labour_contract", "unfit", date(2005, 3, 1), date(2010, 12, 31)), known(4_000))
    assert made["service"].value == Decimal(3)
    assert made["earlier_service"].facts["full_months"] == 34
    assert made["earlier_service"].outcome == "needs_judgement"
    first_day = Ended("labour_contract", "unfit", date(2008, 1, 1), date(2010, 12, 31))
    assert "earlier_service" not in found(first_day, known(4_000))


def test_every_ground_cites_an_article_and_an_unknown_one_is_refused() -> None:
    for row in NATIONAL.parameter(compensation.GROUNDS, ON).rows():
        assert NATIONAL.article(str(row["basis"])).text
    with pytest.raises(InvalidInput):
        compensation_findings(NATIONAL, ended(6, "no_such_ground"), known(4_000))


def test_a_table_that_says_nothing_of_the_rest_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        months_of_pay([{"from_months": 12, "pays": "1"}], date(2024, 1, 1), date(2024, 2, 1))


@settings(deadline=None)
@given(start=STARTS, days=st.integers(1, 15_000), more=st.integers(0, 2_000))
def test_longer_service_never_pays_less_and_counts_in_halves(start: date, days: int, more: int) -> None:
    shorter = months_of_pay(ROWS, start, start + timedelta(days=days))
    longer = months_of_pay(ROWS, start, start + timedelta(days=days + more))
    assert Decimal("0.5") <= shorter <= longer
    assert shorter * 2 == int(shorter * 2)


@settings(deadline=None)
@given(start=STARTS, years=st.integers(1, 40))
def test_full_years_pay_a_month_each_a_day_more_half_and_six_months_more_a_whole_one(start: date, years: int) -> None:
    end = before_after_months(start, 12 * years)
    assert months_of_pay(ROWS, start, end) == years
    assert months_of_pay(ROWS, start, end + timedelta(days=1)) == years + Decimal("0.5")
    six = before_after_months(start, 12 * years + 6)
    assert months_of_pay(ROWS, start, six - timedelta(days=1)) == years + Decimal("0.5")
    assert months_of_pay(ROWS, start, six) == years + 1
    assert months_of_pay(ROWS, start, end - timedelta(days=1)) == years


@settings(deadline=None)
@given(pay=PAY, minimum=PAY, over=st.decimals(min_value=0, max_value=100_000, places=2))
def test_the_base_lies_between_the_minimum_wage_and_the_ceiling(pay: Decimal, minimum: Decimal, over: Decimal) -> None:
    ceiling = minimum + over
    base, cut = base_of(pay, minimum, ceiling)
    assert minimum <= base <= ceiling
    assert cut == (pay > ceiling)
    assert cut or base == max(pay, minimum)


@settings(deadline=None)
@given(months=st.integers(1, 400), pay=PAY)
def test_the_amount_is_to_the_cent_and_the_ceiling_bounds_it(months: int, pay: Decimal) -> None:
    made = found(ended(months), known(pay))
    amount = made["amount"].value
    assert isinstance(amount, Decimal)
    assert amount == amount.quantize(Decimal("0.01"))
    if pay > 3 * AVERAGE:
        assert amount <= 12 * 3 * AVERAGE
    else:
        base, count = made["base"].value, made["service"].value
        assert isinstance(base, Decimal)
        assert isinstance(count, Decimal)
        assert abs(amount - base * count) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("months", "pay", "amount"), [(6, 4_000, "8000.00"), (42, 4_000, "32000.00"), (180, 21_001, "504000.00")]
)
def test_damages_are_twice_the_standard_and_shown_for_a_human_alone(months: int, pay: int, amount: str) -> None:
    made = found(ended(months, "fault", if_unlawful=True), known(pay))
    assert (made["due"].outcome, "amount" in made) == ("not_met", False)
    damages = made["if_unlawful"]
    assert (damages.outcome, damages.value, damages.article) == ("needs_judgement", Decimal(amount), "LCL-87")
    assert "if_unlawful" not in found(ended(months), known(pay))


def test_damages_count_all_service_and_name_no_sum_without_pay() -> None:
    old = Ended("labour_contract", "unfit", date(2007, 1, 1), date(2008, 12, 31), if_unlawful=True)
    made = found(old, known(4_000))
    assert (made["service"].value, made["if_unlawful"].facts["months"]) == (Decimal(1), Decimal(2))
    unknown = Wages(None, None, MINIMUM, AVERAGE, {"average": Text("无", "none")})
    assert found(old, unknown)["if_unlawful"].value is None
    welfare = Ended("public_welfare_post", "unfit", date(2020, 1, 1), date(2024, 7, 31), if_unlawful=True)
    assert "if_unlawful" not in found(welfare, known(4_000))


@pytest.mark.parametrize("ground", ["unfit", "fault", "resignation", "retirement"])
def test_the_end_of_a_labour_contract_asks_for_certificate_and_transfer(ground: str) -> None:
    made = found(Ended("labour_contract", ground, date(2020, 1, 1), date(2024, 2, 29)), known(4_000))["formalities"]
    assert (made.outcome, made.value, made.article) == ("met", "2024-03-15", "LCL-50")
    assert made.facts == {
        "certificate_on": date(2024, 2, 29),
        "transfer_until": date(2024, 3, 15),
        "text_kept_until": date(2026, 2, 28),
        "paid_at_hand_over": ground == "unfit",
    }
    for relation in ("service_agreement", "elected_office", "dispatch"):
        agreed = Ended(relation, ground, date(2020, 1, 1), date(2024, 2, 29))
        assert "formalities" not in found(agreed, known(4_000))
