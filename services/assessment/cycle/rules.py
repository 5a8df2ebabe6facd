"""Which unit assesses which year, and the order of the stages (NM-28, SH-22). Pure."""

from collections.abc import Sequence
from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from services.assessment.method import CONFIRMATION, Method, Stage, StageOffice


def check_year(year: int, reference_on: date, today: date) -> None:
    """Raise `InvalidInput` for a year that has not begun, or a reference day that is past neither year nor today."""
    if year > today.year:
        message = Text("考核年度尚未开始", "The year has not begun.")
        raise InvalidInput(message, errors=[FieldError("/year", message)])
    if reference_on > today or reference_on < date(year, 1, 1):
        message = Text(
            "基准日应在考核年度开始之后、今日之前", "The reference day lies after the year began and not after today."
        )
        raise InvalidInput(message, errors=[FieldError("/reference_on", message)])


def check_stage(method: Method, now: str, kinds: Sequence[str]) -> Stage:
    """The stage under way, where it is of one of those kinds; else `WrongState` with the article."""
    stage = method.stage(now)
    if stage.kind in kinds:
        return stage
    wanted = [each for each in method.stages if each.kind in kinds]
    if not wanted:
        raise WrongState(Text("考核办法没有这一环节", "The method has no such stage."), article=method.article)
    raise WrongState(
        Text(
            f"现处于“{stage.label_zh}”环节，须在“{wanted[0].label_zh}”环节办理",
            f"The stage under way is {stage.label_en}; this belongs to {wanted[0].label_en}.",
        ),
        article=wanted[0].article,
    )


def next_stage(method: Method, now: str, named: str) -> Stage:
    """The stage after `named`, which must be the one under way; the confirmation is ended by confirming alone."""
    stage = method.stage(now)
    if named != now:
        raise WrongState(
            Text(f"现处于“{stage.label_zh}”环节", f"The stage under way is {stage.label_en}."), article=stage.article
        )
    if stage.kind == CONFIRMATION:
        raise WrongState(
            Text("确认等次后本环节自行结束", "This stage ends when grades are confirmed."), article=stage.article
        )
    return method.stages[[each.id for each in method.stages].index(now) + 1]


def check_open(state: str, article: str | None) -> None:
    """Raise `WrongState` once grades are confirmed: what is sealed does not change."""
    if state != "open":
        raise WrongState(Text("考核等次已确认", "Grades are confirmed; the results no longer change."), article=article)


def check_office(stage: Stage, department: str | None, level: str | None) -> None:
    """Raise `RuleRefused` unless the acting post stands in an office of the stage; a stage that names none is open."""
    if stage.by and StageOffice(department=department or "", level=level or "") not in stage.by:
        raise RuleRefused(
            Text(f"“{stage.label_zh}”不由本部门办理", f"{stage.label_en} is not this department's to do."),
            article=stage.article,
        )
