"""Rounding that is exact whatever the figures."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.method import Rounding, rounded_ratio

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
ROUNDINGS = st.builds(Rounding, places=st.integers(0, 6), mode=st.sampled_from(sorted(MODES)))


@given(st.decimals(0, 10**9, places=4, allow_nan=False), st.integers(1, 10**7), ROUNDINGS)
def test_a_ratio_is_rounded_once_from_its_exact_value(dividend: Decimal, divisor: int, rounding: Rounding) -> None:
    found = Fraction(rounded_ratio(dividend, divisor, rounding))
    exact, step = Fraction(dividend) / divisor, Fraction(1, 10**rounding.places)
    assert (found / step).denominator == 1
    if rounding.mode == "down":
        assert found <= exact < found + step
    else:
        assert abs(found - exact) <= step / 2
        if found - exact == -step / 2:
            assert rounding.mode == "half_even"


@given(st.decimals(0, 10**6, places=3, allow_nan=False), ROUNDINGS)
def test_by_one_it_is_what_the_decimal_itself_rounds_to(value: Decimal, rounding: Rounding) -> None:
    with localcontext(prec=60):
        wanted = value.quantize(Decimal(1).scaleb(-rounding.places), rounding=MODES[rounding.mode])
    assert rounded_ratio(value, 1, rounding) == wanted


@pytest.mark.parametrize(("mode", "wanted"), [("half_up", "0.13"), ("half_even", "0.12"), ("down", "0.12")])
def test_exactly_half(mode: str, wanted: str) -> None:
    assert rounded_ratio(Decimal(1), 8, Rounding.model_validate({"places": 2, "mode": mode})) == Decimal(wanted)


@pytest.mark.parametrize(("dividend", "divisor"), [(Decimal(-1), 2), (Decimal("NaN"), 2), (Decimal(1), 0)])
def test_figures_that_are_no_score_are_an_error(dividend: Decimal, divisor: int) -> None:
    with pytest.raises(ValueError, match="finite figures"):
        rounded_ratio(dividend, divisor, Rounding())
