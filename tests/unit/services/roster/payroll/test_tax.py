"""Cumulative withholding of income tax: the worked years of the notes, both sides of every bracket (IIT-3, 6)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from services.roster.pay_terms import TAX, Terms
from services.roster.payroll import rules
from tests.unit.services.roster.payroll.terms import terms

D = Decimal
WHO = rules.Payee(new_id(), "secretary", "committee_member")


def year(monthly: str, deducted: str = "0", special: str = "0", months: int = 12) -> list[Decimal]:
    """The tax of each month of a year with the same income, insurance and special deductions."""
    table = terms()
    before, found = rules.Cumulative(), []
    for _ in range(months):
        payee = replace(WHO, before=before, special=D(special))
        line = rules.withholding(table, payee, D(monthly), D(deducted))
        found.append(line.amount)
        before = rules.Cumulative(
            before.months + 1,
            before.income + D(monthly),
            before.deducted + D(deducted),
            before.special + D(special),
            before.withheld + line.amount,
        )
    return found


EXAMPLES: Sequence[tuple[str, str, str, list[str], str]] = (
    ("4500", "0", "0", ["0"] * 12, "0"),
    ("8000", "1400", "0", ["48"] * 12, "576"),
    ("12000", "2100", "1000", ["117"] * 9 + ["327", "390", "390"], "2160"),
    ("20000", "3500", "0", ["345"] * 3 + ["1045"] + ["1150"] * 8, "11280"),
)


@pytest.mark.article("IIT-3", "IIT-6")
@pytest.mark.parametrize(("monthly", "deducted", "special", "each", "total"), EXAMPLES)
def test_the_years_of_the_notes(monthly: str, deducted: str, special: str, each: list[str], total: str) -> None:
    found = year(monthly, deducted, special)
    assert found == [D(amount) for amount in each]
    assert sum(found) == D(total)


@pytest.mark.article("IIT-3")
@pytest.mark.parametrize(
    ("end", "percent", "following"),
    [
        ("36000", "3", "10"),
        ("144000", "10", "20"),
        ("300000", "20", "25"),
        ("420000", "25", "30"),
        ("660000", "30", "35"),
        ("960000", "35", "45"),
    ],
)
def test_the_upper_end_belongs_to_its_row_and_the_tax_does_not_jump(end: str, percent: str, following: str) -> None:
    table = terms().brackets
    at, row = rules.tax_on(table, D(end))
    above, next_row = rules.tax_on(table, D(end) + D("0.01"))
    assert (row.percent, next_row.percent) == (D(percent), D(following))
    assert D(0) <= above - at <= D("0.01")


def test_what_was_withheld_too_much_is_not_paid_back_within_the_year() -> None:
    payee = replace(WHO, before=rules.Cumulative(1, D("20000"), D(0), D(0), D("450")))
    line = rules.withholding(terms(), payee, D("1000"), D(0))
    assert (line.code, line.side, line.amount) == (TAX, "withheld", D(0))


@given(st.lists(st.integers(min_value=0, max_value=10_000_000), min_size=1, max_size=12))
def test_over_a_year_the_months_add_up_to_the_tax_of_their_sum_where_it_never_falls(cents: list[int]) -> None:
    table: Terms = terms()
    before, withheld, most = rules.Cumulative(), D(0), D(0)
    for each in cents:
        income = D(each) / 100
        line = rules.withholding(table, replace(WHO, before=before), income, D(0))
        withheld += line.amount
        months = before.months + 1
        due, _ = rules.tax_on(table.brackets, before.income + income - table.basic * months)
        most = max(most, due)
        before = rules.Cumulative(months, before.income + income, D(0), D(0), withheld)
    assert withheld == most
    assert withheld == withheld.quantize(D("0.01"))
