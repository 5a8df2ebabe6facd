"""When a notice may go out, and which times it may name (NM-8)."""

from datetime import date, datetime

from kernel.errors import FieldError, InvalidInput, Text, WrongState
from kernel.regulation.pack import Pack

PLAN_WORKFLOW = "recruitment_plan"


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


def check_correctable(now: datetime, closes_at: datetime) -> None:
    """Raise `WrongState` once sign-up has closed: people can no longer act on a corrected text."""
    if now >= closes_at:
        raise WrongState(Text("报名已截止，不能再更正公告", "Sign-up has closed; the notice is no longer corrected."))
