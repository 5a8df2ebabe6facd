"""When a grade can be appealed, and who may review it. Pure; ours, since neither text writes of appeals."""

from collections.abc import Collection
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from services.assessment.method import Grade, Method


def check_in_time(state: str, in_time: bool) -> None:
    """Raise `WrongState` unless the grade is confirmed and the last day of appeals is not past."""
    if state != "confirmed":
        raise WrongState(Text("等次尚未确认或已封存", "The grade is not confirmed yet, or it is sealed."))
    if not in_time:
        raise WrongState(Text("申诉期限已过", "The time of appeals is over."))


def check_reviewer(user: UUID | None, involved: Collection[UUID], same_post: bool, article: str | None) -> None:
    """Raise `RuleRefused` for who scored the person or confirmed the grade."""
    if user is None or user in involved or same_post:
        raise RuleRefused(
            Text(
                "复核须由未参与评分和确认等次的人员办理", "A review is done by people who neither scored nor confirmed."
            ),
            article=article,
        )


def check_open(state: str) -> None:
    """Raise `WrongState` for an appeal that is decided."""
    if state != "open":
        raise WrongState(Text("申诉已办结", "The appeal is decided."))


def new_grade(method: Method, upheld: bool, code: str | None, now: str | None) -> Grade | None:
    """The grade that stands after the review: another one of the method where the appeal is upheld, else None."""
    if not upheld:
        if code is not None:
            message = Text("维持原等次时不填写新等次", "Name no grade where the appeal is refused.")
            raise InvalidInput(message, errors=[FieldError("/grade", message)])
        return None
    grade = method.grade(code or "")
    if grade is None or grade.code == now:
        message = Text("请写明改定的等次", "Name the other grade that stands now.")
        raise InvalidInput(message, errors=[FieldError("/grade", message)])
    return grade
