"""The order of the stages is the pack's (NM-8, SH-8). Pure."""

from collections.abc import Mapping, Sequence

from kernel.errors import FieldError, Forbidden, InvalidInput, Text, WrongState
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ProcedureStep

PROCEDURE = "recruitment"
PASSED = "passed"
OPEN_STATE = "qualified"
VETTING = "vetting"
EXAM_KINDS = frozenset({"written_exam", "interview"})


def stages(pack: Pack) -> Sequence[ProcedureStep]:
    """The stages through which candidates pass after the review, in order; none where the text writes none."""
    procedure = pack.procedure(PROCEDURE)
    return [step for step in procedure.steps if step.selection] if procedure else []


def is_exam(step: ProcedureStep) -> bool:
    """Whether the stage is the exam: it is passed by a rank, never by anybody's entry."""
    return bool(EXAM_KINDS & set(step.kinds))


def check_recordable(step: ProcedureStep) -> None:
    """Raise `WrongState` for the exam: its result follows from the scores when the ranking is fixed."""
    if is_exam(step):
        raise WrongState(
            Text(
                f"“{step.label.zh}”的结果由成绩和排名产生，请导入成绩并确定排名",
                f"{step.label.en}: the result follows from scores and ranking; import the scores, fix the ranking.",
            ),
            article=step.article,
        )


def check_determined(step: ProcedureStep, *, named: bool, reason: str | None) -> None:
    """Political vetting (政审, SH-8) is determined by a person and says what was found, whatever the outcome.

    `named`: an official acts. Raises `Forbidden` for anybody else, `InvalidInput` without a reason.
    """
    if VETTING not in step.kinds:
        return
    if not named:
        message = Text(f"“{step.label.zh}”须由具名人员认定", f"{step.label.en}: a named official determines it.")
        raise Forbidden(message, article=step.article)
    if not (reason or "").strip():
        message = Text(f"请写明“{step.label.zh}”的认定理由", f"{step.label.en}: say what was found.")
        raise InvalidInput(errors=[FieldError("/reason", message, article=step.article)])


def next_step(order: Sequence[ProcedureStep], done: Mapping[str, str]) -> ProcedureStep | None:
    """The first stage without a result; None after the last, or after one that was failed."""
    if any(outcome != PASSED for outcome in done.values()):
        return None
    return next((step for step in order if step.id not in done), None)


def check_order(order: Sequence[ProcedureStep], done: Mapping[str, str], step_id: str, state: str) -> ProcedureStep:
    """The stage to be recorded. Raises `InvalidInput` for an unknown one, `WrongState` (with article) out of order."""
    step = next((each for each in order if each.id == step_id), None)
    if step is None:
        raise InvalidInput(errors=[FieldError("/step", Text("本办法没有此环节", "The procedure has no such stage."))])
    if state != OPEN_STATE:
        raise WrongState(
            Text(
                "资格审查通过后方可登记选拔环节",
                "Stages are recorded once the applicant is qualified, and before a hire.",
            ),
            article=step.article,
        )
    if step.id in done:
        raise WrongState(Text(f"“{step.label.zh}”已登记", f"{step.label.en}: already recorded."), article=step.article)
    due = next_step(order, done)
    if due is None or due.id != step.id:
        missing = due or step
        raise WrongState(
            Text(
                f"应先完成“{missing.label.zh}”，再进行“{step.label.zh}”",
                f"{missing.label.en} comes before: {step.label.en}.",
            ),
            article=missing.article,
        )
    return step


def check_complete(order: Sequence[ProcedureStep], done: Mapping[str, str]) -> None:
    """Raise `WrongState`, with the article, unless every stage was passed."""
    for step in order:
        outcome = done.get(step.id)
        if outcome is None:
            raise WrongState(
                Text(f"“{step.label.zh}”尚未完成", f"Not done yet: {step.label.en}."), article=step.article
            )
        if outcome != PASSED:
            raise WrongState(Text(f"“{step.label.zh}”未通过", f"Not passed: {step.label.en}."), article=step.article)
