"""How class hours are written: the smallest step the pack names. Pure."""

from datetime import date
from decimal import Decimal

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.pack import Pack

STEP = "training.hours_step"
OUR_STEP = Decimal("0.5")
"""Ours, where no regulation names a step: classes are held in half hours, finer figures are slips of the pen."""


def step(pack: Pack, on: date) -> Decimal:
    """The smallest step of hours under the pack, in class hours."""
    figure = pack.parameter(STEP, on)
    return OUR_STEP if figure.state == "not_regulated" else figure.decimal()


def check_step(hours: Decimal, smallest: Decimal, pointer: str) -> None:
    """Raise `InvalidInput` unless `hours` is a whole number of steps."""
    if hours % smallest != 0:
        message = Text(f"学时应为 {smallest} 的整数倍", f"hours are whole multiples of {smallest}")
        raise InvalidInput(message, errors=[FieldError(pointer, message)])
