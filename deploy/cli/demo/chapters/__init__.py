"""The chapters of the Inner Mongolia story in the order of business time, and the steps that each must reach."""

from collections.abc import Callable

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.chapters import (
    assessing,
    careers,
    conduct,
    endings,
    guards,
    hiring,
    learning,
    paying,
    pushing,
    recruiting,
    serving,
    staffing,
    working,
)

CHAPTERS: tuple[tuple[Callable[[Cast], None], tuple[Step, ...]], ...] = (
    (staffing.tell, staffing.STEPS),
    (paying.tell, paying.STEPS),
    (recruiting.tell, recruiting.STEPS),
    (hiring.tell, hiring.STEPS),
    (working.tell, working.STEPS),
    (pushing.tell, pushing.STEPS),
    (serving.papers, serving.DOCUMENTS),
    (careers.enter, careers.IMPORTS),
    (careers.retire, careers.RETIREMENTS),
    (assessing.set_method, assessing.METHOD),
    (serving.ask_leave, serving.LEAVE),
    (assessing.end_probation, assessing.PROBATION),
    (serving.come_back, serving.RETURN),
    (serving.second, serving.SECONDMENT),
    (learning.tell, learning.STEPS),
    (assessing.first_year, assessing.FIRST_YEAR),
    (careers.advance, careers.AFTER_A_YEAR),
    (conduct.tell, conduct.STEPS),
    (assessing.second_year, assessing.SECOND_YEAR),
    (serving.count_into_2027, serving.CALENDAR),
    (endings.tell, endings.STEPS),
    (guards.tell, guards.STEPS),
)

__all__ = ["CHAPTERS"]
