"""When a notice may go out, and which times it may name (NM-8)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kernel.clock import local_date
from kernel.errors import FieldError, InvalidInput, Text, WrongState
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary
from services.recruitment.terms import WHOLE, Terms

PLAN_WORKFLOW = "recruitment_plan"
PROCEDURE = "recruitment"
FILING_FIRST = "recruitment.filing_before_notice"
EXAM_KINDS: Mapping[str, str] = {"written": "written_exam", "interview": "interview"}
DEFAULTS = "recruitment.exam_"
"""Parameters of the pack under this name and the member's are the defaults."""


def check_plan_approved(pack: Pack, state: str) -> None:
    """Raise `WrongState` unless the plan has passed: a filing that is owed first was sent when it did (NM-8)."""
    if state == "approved":
        return
    workflow = pack.workflow(PLAN_WORKFLOW)
    steps = [step.label for step in workflow.steps] if workflow else []
    raise WrongState(
        Text(
            "招聘方案通过后方可发布公告" + (f"（{'、'.join(step.zh for step in steps)}）" if steps else ""),
            "The notice goes out only after the plan has passed"
            + (f": {'; '.join(step.en for step in steps)}." if steps else "."),
        ),
        article=workflow.article if workflow else None,
    )


def check_filing_sent(pack: Pack, on: date, filings: Sequence[str]) -> None:
    """Raise `WrongState` while a filing that the pack puts before the notice was not sent (NM-8).

    filings: states of the filing steps of the plan's case. Sent is enough: a filing is no consent.
    """
    figure = pack.parameter(FILING_FIRST, on)
    if figure.state == "set" and figure.boolean() and any(state not in ("open", "done") for state in filings):
        workflow = pack.workflow(PLAN_WORKFLOW)
        raise WrongState(
            Text("招聘方案报备案后方可发布公告", "The notice goes out only after the plan was sent for filing."),
            article=workflow.article if workflow else None,
        )


def check_times(
    *,
    now: datetime,
    opens_at: datetime,
    closes_at: datetime,
    birth_from: date | None,
    birth_until: date | None,
) -> None:
    """Raise `InvalidInput` with every member that makes a sign-up of no length, one in the past, or no birth date."""
    errors: list[FieldError] = []
    if closes_at <= now:
        errors.append(FieldError("/closes_at", Text("报名截止时间已过", "Sign-up would close in the past.")))
    if closes_at <= opens_at:
        errors.append(
            FieldError(
                "/closes_at", Text("报名截止时间应晚于开始时间", "Sign-up must close after it opens, not at once.")
            )
        )
    if birth_from is not None and birth_until is not None and birth_until < birth_from:
        errors.append(FieldError("/birth_until", Text("出生日期范围为空", "The window of birth dates is empty.")))
    if errors:
        raise InvalidInput(errors=errors)


def reference_day(pack: Pack, given: date | None, closes_at: datetime) -> date:
    """The day on which conditions hold and ages are reckoned: the one that the notice names.

    A regulation that asks for no age (SH-6) needs none: the day on which sign-up closes stands in. Raises
    `InvalidInput` where a condition reads the age and the notice names no day.
    """
    if given is not None:
        return given
    if vocabulary.AGE in pack.facts_of(vocabulary.GROUP):
        message = Text("公告须载明计算年龄的日期", "The notice has to name the day on which age is reckoned.")
        raise InvalidInput(errors=[FieldError("/age_reference_date", message)])
    return local_date(closes_at)


def check_correctable(now: datetime, closes_at: datetime) -> None:
    """Raise `WrongState` once sign-up has closed: people can no longer act on a corrected text."""
    if now >= closes_at:
        raise WrongState(Text("报名已截止，不能再更正公告", "Sign-up has closed; the notice is no longer corrected."))


def exam_terms(pack: Pack, given: Mapping[str, Any]) -> Terms | None:
    """The terms of the exam: what the notice gives, else the pack's defaults; None where the procedure has no exam.

    Raises `InvalidInput` for weights that do not make a whole, a part that the procedure has not, or a member that
    neither notice nor pack gives: silence is never a number.
    """
    procedure = pack.procedure(PROCEDURE)
    kinds = {kind for step in procedure.steps for kind in step.kinds} if procedure else set()
    held = [part for part, kind in EXAM_KINDS.items() if kind in kinds]
    if not held:
        if given:
            raise InvalidInput(errors=[_of("", Text("本办法的程序没有考试", "The procedure has no exam."))])
        return None
    stated = {name: value for name, value in given.items() if value is not None}
    ours: list[str] = []
    values = {
        name: _default(pack, name, stated, ours)
        for name in ("interview_ratio", "tie_break", "decimals", "replacement_rounds", "written_pass", "interview_pass")
    }
    if len(set(values["tie_break"])) != len(values["tie_break"]):
        raise InvalidInput(errors=[_of("tie_break", Text("同一项不得重复", "The same part stands twice."))])
    return Terms(**values, **_weights(pack, held, stated, ours), ours=ours)


def _weights(pack: Pack, held: list[str], stated: Mapping[str, Any], ours: list[str]) -> dict[str, Any]:
    names = {"written": "written_weight", "interview": "interview_weight"}
    given = {part: stated[name] for part, name in names.items() if name in stated}
    if not given and len(held) == 1:
        weights = {part: WHOLE if part in held else 0 for part in names}
    elif not given:
        written = _default(pack, "written_weight", stated, ours)
        ours.append("interview_weight")
        weights = {"written": written, "interview": WHOLE - written}
    elif len(given) < len(names) or sum(given.values()) != WHOLE:
        raise InvalidInput(
            errors=[
                _of("written_weight", Text("笔试、面试权重之和应为10000（万分比）", "The weights must sum to 10,000."))
            ]
        )
    else:
        weights = given
    for part, weight in weights.items():
        if weight and part not in held:
            raise InvalidInput(
                errors=[_of(names[part], Text("本办法的程序没有此项考试", "The procedure has no such part."))]
            )
    return {names[part]: weight for part, weight in weights.items()}


def _default(pack: Pack, name: str, stated: Mapping[str, Any], ours: list[str]) -> Any:
    if name in stated:
        return stated[name]
    figure = pack.parameter(DEFAULTS + name)
    if figure.state != "set":
        if name.endswith("_pass"):
            return None
        raise InvalidInput(errors=[_of(name, Text("公告须写明此项", "The notice has to say this."))])
    if figure.article is None:
        ours.append(name)
    match figure.parameter.kind:
        case "decimal":
            return figure.decimal()
        case "texts":
            return figure.texts()
        case _:
            return figure.integer()


def _of(member: str, message: Text) -> FieldError:
    return FieldError(f"/exam/{member}".rstrip("/"), message)
