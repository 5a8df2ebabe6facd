"""GB 32100-2015: the standard's example and made-up codes of region 99."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.privacy.uscc import UsccInvalid, parse


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91350100M000100Y43", "91"),
        ("11990101MA0000015L", "11"),
        ("55990101ME0000028N", "55"),
        ("54990101MF12345AX1", "54"),
        ("11990101ma0000015l", "11"),
    ],
)
def test_a_valid_code_tells_the_kind_of_organisation(code: str, kind: str) -> None:
    parsed = parse(code)
    assert parsed.kind == kind
    assert parsed.value == code.upper()


@pytest.mark.parametrize(
    "code",
    [
        "11990101MA0000015M",
        "11990101MA0000016L",
        "1199010IMA0000015L",
        "１1990101MA0000015L",
        "11990101MA0000015",
        "",
    ],
)
def test_a_wrong_code_is_refused_without_being_repeated(code: str) -> None:
    with pytest.raises(UsccInvalid) as refused:
        parse(code)
    assert not code or code not in str(refused.value)


@given(st.integers(0, 17), st.integers(1, 30))
def test_any_single_wrong_sign_is_noticed(place: int, shift: int) -> None:
    code = "11990101MA0000015L"
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    wrong = code[:place] + signs[(signs.index(code[place]) + shift) % len(signs)] + code[place + 1 :]
    with pytest.raises(UsccInvalid):
        parse(wrong)
