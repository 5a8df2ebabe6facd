"""When one may sign up, and what has to be stated (NM-8, NM-9)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from kernel.errors import FieldError, InvalidInput, Text, WrongState
from kernel.regulation.expression.types import to_plain
from kernel.regulation.pack import Pack

PROCEDURE = "recruitment"
LONGEST_LIFE = 130
"""Years; a birth longer ago is a slip of the pen."""


def check_open(pack: Pack, *, now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Raise `WrongState` outside [opens_at, closes_at): the closing instant itself is too late."""
    if now < opens_at:
        raise WrongState(Text("报名尚未开始", "Sign-up has not opened yet."), article=step_article(pack, "sign_up"))
    if now >= closes_at:
        raise WrongState(Text("报名已截止", "Sign-up has closed."), article=step_article(pack, "sign_up"))


def step_article(pack: Pack, kind: str) -> str | None:
    """The article of the procedure's step of that kind."""
    procedure = pack.procedure(PROCEDURE)
    if procedure is None:
        return None
    return next((step.article for step in procedure.steps if kind in step.kinds), procedure.article)


def check_birth(birth: date, reference: date) -> None:
    """Raise `InvalidInput` for a birth after the day on which age is reckoned, or longer ago than anyone lives."""
    if not reference.year - LONGEST_LIFE < birth.year or birth > reference:
        raise InvalidInput(
            errors=[
                FieldError(
                    "/id_number",
                    Text("出生日期与计算年龄的日期不符", "The birth does not fit the day on which age is reckoned."),
                )
            ]
        )


def check_withdrawable(state: str) -> None:
    """Raise `WrongState` for a sign-up that was withdrawn, refused, or has gone on to selection."""
    if state not in ("submitted", "qualified"):
        raise WrongState(Text("该报名已不能撤销", "This sign-up can no longer be withdrawn."))


def check_declarations(
    pack: Pack, asked: Iterable[str], given: Mapping[str, object], claimable: Iterable[str] = ()
) -> None:
    """Raise `InvalidInput` naming each fact that is not asked for, missing, or of the wrong kind.

    `claimable` facts may be left out: whoever does claims no priority.
    """
    wanted = set(asked)
    optional = set(claimable)
    errors: list[FieldError] = []
    for name in sorted(set(given) - wanted - optional):
        errors.append(_wrong(name, Text("公告未要求此项", "The notice does not ask for this.")))
    for name in sorted(wanted | (optional & set(given))):
        if name not in given:
            errors.append(_wrong(name, Text("必填", "required")))
            continue
        value = to_plain(name, pack.document.facts[name].type(), given[name])
        if isinstance(value, Text):
            errors.append(_wrong(name, value))
    if errors:
        raise InvalidInput(errors=errors)


def _wrong(name: str, message: Text) -> FieldError:
    return FieldError("/declarations/" + name.replace("~", "~0").replace("/", "~1"), message)


MOBILE_DIGITS = 11


def check_phone(value: str) -> None:
    """Raise `InvalidInput` unless it is a mobile number of mainland China."""
    if not (len(value) == MOBILE_DIGITS and value.isascii() and value.isdecimal() and value[0] == "1"):
        raise InvalidInput(errors=[FieldError("/phone", Text("手机号应为11位数字", "A mobile number has 11 digits."))])
