"""What may be scored, and within which range. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from services.assessment.method import Component, Stage


def check_component(code: str, points: Decimal, full: Decimal, components: Iterable[Component], index: int) -> None:
    """Raise `InvalidInput` for a component of another stage, or points outside 0 to full."""
    if code not in {component.code for component in components}:
        message = Text("本环节不评此项", "This component is not scored in this stage.")
        raise InvalidInput(message, errors=[FieldError(f"/scores/{index}/component", message)])
    if points > full:
        message = Text(f"分数应在 0 至 {full} 之间", f"Points lie between 0 and {full}.")
        raise InvalidInput(message, errors=[FieldError(f"/scores/{index}/points", message)])


def check_scored(state: str) -> None:
    """Raise `WrongState` for a person who does not take part, or whose result is done."""
    if state != "open":
        raise WrongState(Text("该人员不在评分之列", "This person is not being scored."))


def check_first(already: bool) -> None:
    """Raise `WrongState` for a second self-assessment: what was said stands."""
    if already:
        raise WrongState(Text("已提交自评", "The self-assessment was handed in already."))


def check_complete(
    stage: Stage, results: Iterable[UUID], components: Iterable[Component], scored: Mapping[UUID, set[str]]
) -> None:
    """Raise `RuleRefused` unless everybody has a score for every component of the stage."""
    wanted = {component.code for component in components}
    missing = sum(bool(wanted - scored.get(result, set())) for result in results)
    if missing:
        raise RuleRefused(
            Text(
                f"“{stage.label_zh}”尚有 {missing} 人未评完",
                f"{stage.label_en}: {missing} persons are not scored yet.",
            ),
            article=stage.article,
        )
