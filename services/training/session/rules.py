"""How class hours are written, and which classes are a round of the level responsible (NM-20). Pure."""

from datetime import date
from decimal import Decimal

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.pack import Pack

STEP = "training.hours_step"
LEVEL = "training.frequency_level"
DEPARTMENT = "training.frequency_department"
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


def responsible_level(pack: Pack, on: date) -> str | None:
    """The level that must train everybody in turn; None where the regulation names none."""
    figure = pack.parameter(LEVEL, on)
    return None if figure.state == "not_regulated" else figure.text()


def responsible_department(pack: Pack, on: date) -> str | None:
    """The department of that level that must; None where the regulation names none."""
    figure = pack.parameter(DEPARTMENT, on)
    return None if figure.state == "not_regulated" else figure.text()


def check_organiser(is_round: bool, department: str, responsible: str | None) -> None:
    """Raise `InvalidInput` for a round in a programme of another department than the one responsible (SH-27)."""
    if is_round and responsible is not None and department != responsible:
        message = Text(
            "该年度培训须属于负责部门的培训计划",
            "Such a training belongs to a programme of the department responsible.",
        )
        raise InvalidInput(message, errors=[FieldError("/round", message)])


def check_year(ended_on: date, programme_year: int) -> None:
    """Raise `InvalidInput` unless the class ends in the year of its programme."""
    if ended_on.year != programme_year:
        message = Text(f"该培训计划属于 {programme_year} 年", f"The programme is of the year {programme_year}.")
        raise InvalidInput(message, errors=[FieldError("/programme_id", message)])


def check_round(is_round: bool, organiser_level: str | None, responsible: str | None) -> None:
    """Raise `InvalidInput` for a round outside a programme of the responsible level.

    organiser_level: of the programme, None without one. responsible: None where the regulation names no level.
    """
    if not is_round:
        return
    if organiser_level is None or (responsible is not None and organiser_level != responsible):
        message = Text(
            "轮训（年度培训）须属于负责层级的培训计划", "A round belongs to a programme of the level responsible."
        )
        raise InvalidInput(message, errors=[FieldError("/round", message)])
