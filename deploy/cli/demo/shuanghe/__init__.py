"""The chapters of the Shuanghe story in the order of business time (2025), and the steps that each must reach."""

from collections.abc import Callable

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.shuanghe import (
    absence,
    assessing,
    crossing,
    figures,
    hiring,
    learning,
    leaving,
    payroll,
    staffing,
    structure,
)

CHAPTERS: tuple[tuple[Callable[[Cast], None], tuple[Step, ...]], ...] = (
    (staffing.tell, staffing.STEPS),
    (assessing.first_year, assessing.FIRST_YEAR),
    (structure.tell, structure.STEPS),
    (hiring.tell, hiring.STEPS),
    (absence.tell, absence.STEPS),
    (payroll.tell, payroll.STEPS),
    (learning.tell, learning.STEPS),
    (leaving.tell, leaving.STEPS),
    (crossing.tell, crossing.STEPS),
    (assessing.second_year, assessing.SECOND_YEAR),
    (figures.tell, figures.STEPS),
)

__all__ = ["CHAPTERS"]
