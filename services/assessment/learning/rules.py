"""What a training need says in an assessment (SH-27). Pure."""

from datetime import date
from decimal import Decimal
from typing import Literal

from kernel.errors import RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding

RESULTS_USED_IN = "training.results_used_in"
ASSESSMENT = "assessment"


def check_used(figure: Figure) -> None:
    """Raise `NotRegulated` where training is tied to nothing, `RuleRefused` where to other matters alone."""
    if ASSESSMENT not in figure.texts():
        message = Text("本办法未将培训与考核挂钩", "Training is not tied to the assessment here.")
        raise RuleRefused(message, article=figure.article)


def finding(figure: Figure, required: Decimal, credited: Decimal, met_on: date | None) -> Finding:
    """Whether the hours of one need were done, as a fact for those who assess."""
    outcome: Literal["met", "not_met"] = "met" if met_on is not None else "not_met"
    facts = {"required_hours": str(required), "credited_hours": str(credited), "met_on": met_on}
    message = Text(
        f"{SAYS[outcome].zh}：已计 {credited} 学时，应达 {required} 学时，供考核评议参考",
        f"{SAYS[outcome].en}: {credited} of {required} class hours, a fact for the assessment",
    )
    return Finding(RESULTS_USED_IN, figure.article, figure.words, facts, outcome, None, message)
