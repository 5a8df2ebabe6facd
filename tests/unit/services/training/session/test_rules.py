"""Hours are written in the steps that the pack names, half hours where it names none."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.errors import InvalidInput
from services.training.session.rules import OUR_STEP, check_step, step
from tests.unit.services.training.packs import changed, inner_mongolia

DAY = date(2025, 3, 3)
LABEL = {"zh": "学时步长", "en": "Step of hours"}


def test_half_hours_are_ours_where_no_regulation_names_a_step() -> None:
    assert step(inner_mongolia(), DAY) == OUR_STEP
    absent = changed({"training.hours_step": {"kind": "decimal", "label": LABEL, "absent": True}})
    assert step(absent, DAY) == OUR_STEP


def test_a_pack_names_its_own_step() -> None:
    quarter = {"kind": "decimal", "label": LABEL, "value": "0.25", "ours": LABEL}
    assert step(changed({"training.hours_step": quarter}), DAY) == Decimal("0.25")


@pytest.mark.parametrize("hours", ["0.5", "8", "7.50", "23.5"])
def test_whole_steps_pass(hours: str) -> None:
    check_step(Decimal(hours), Decimal("0.5"), "/hours")


@pytest.mark.parametrize("hours", ["0.4", "7.25", "23.51"])
def test_what_is_between_two_steps_is_refused_at_its_place(hours: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_step(Decimal(hours), Decimal("0.5"), "/hours")
    assert [error.pointer for error in refused.value.errors] == ["/hours"]
