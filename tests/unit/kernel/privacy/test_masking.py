"""Masks show enough to recognise and never the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.privacy.masking import mask_bank_account, mask_id_number, mask_name, mask_phone


def test_masks_keep_the_usual_digits() -> None:
    assert mask_id_number("990101198501010010") == "990101********0010"
    assert mask_phone("13900000000") == "139****0000"
    assert mask_bank_account("6200000000000001234") == "***************1234"


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("巴特尔", "巴**"), ("乌", "乌*"), ("", "")])
def test_a_name_in_a_public_list_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_no_mask_shows_a_number_whole(value: str) -> None:
    for mask in (mask_id_number, mask_phone, mask_bank_account):
        assert mask(value) != value
        assert len(mask(value)) == len(value)
