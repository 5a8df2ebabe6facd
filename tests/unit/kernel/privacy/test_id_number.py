"""GB 11643-1999, with the standard's own examples and made-up numbers of region 99."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.privacy.id_number import IdNumberInvalid, parse


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "female"),
        ("440524188001010014", date(1880, 1, 1), "male"),
        ("990101198501010010", date(1985, 1, 1), "male"),
        ("990101199001010027", date(1990, 1, 1), "female"),
        ("99020220000229003X", date(2000, 2, 29), "male"),
        ("990101197612311153", date(1976, 12, 31), "male"),
        ("990303196501157770", date(1965, 1, 15), "male"),
        ("99010119880815019X", date(1988, 8, 15), "male"),
    ],
)
def test_a_valid_number_tells_birth_date_and_sex(number: str, born: date, sex: str) -> None:
    parsed = parse(number)
    assert (parsed.value, parsed.birth_date, parsed.sex) == (number, born, sex)
    assert parsed.region == number[:6]
    assert (parsed.sex_digit % 2 == 1) == (sex == "male")


def test_lower_case_x_and_spaces_around_are_normalised() -> None:
    assert parse(" 99010119880815019x ").value == "99010119880815019X"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("990101198501010011", "校验位"),
        ("99010119850230001X", "出生日期"),
        ("９90101198501010010", "半角"),
        ("99010119850101001", "18位"),
        ("9901011985010100100", "18位"),
        ("X90101198501010010", "18位"),
        ("990101 98501010010", "18位"),
        ("", "18位"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason_and_without_the_number(number: str, why: str) -> None:
    with pytest.raises(IdNumberInvalid) as refused:
        parse(number)
    assert why in refused.value.message.zh
    if number:
        assert number not in str(refused.value)
        assert number not in refused.value.message.zh


def test_the_text_form_of_a_number_hides_it() -> None:
    assert "1985" not in repr(parse("990101198501010010"))


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    number = "990101198501010010"
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(IdNumberInvalid):
        parse(wrong)
