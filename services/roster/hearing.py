"""What cases against a worker share: findings part by part, days in order, and tolerance of error (NM-36). Pure."""

from collections.abc import Mapping
from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList

TOLERANCE = "tolerance.parts"


def check_parts(asked: list[str], given: Mapping[str, bool], article: str | None) -> bool:
    """Whether all parts are found; raises `InvalidInput` unless exactly the parts asked are answered."""
    if set(asked) != set(given):
        message = Text(f"应逐项认定：{'、'.join(asked)}", f"Answer each of: {', '.join(asked)}.")
        raise InvalidInput(message, errors=[FieldError("/parts", message, article=article)], article=article)
    return all(given.values())


def check_waits(pack: Pack, claim_open: bool) -> None:
    """Raise `WrongState` (NM-36) while a claim of tolerance on the same facts is undecided."""
    listed = pack.item_list(TOLERANCE)
    if claim_open and listed is not None:
        raise WrongState(
            Text("容错申请尚未认定，本事项暂停办理", "A claim of tolerance is undecided; the case waits."),
            article=listed.article,
        )


def check_tolerance(pack: Pack, article: str | None) -> ItemList:
    """Raise `RuleRefused` where the regulation knows no tolerance of error: nobody would find on a claim."""
    listed = pack.item_list(TOLERANCE)
    if listed is None:
        raise RuleRefused(Text("本办法没有容错的规定", "This regulation has no tolerance of error."), article=article)
    return listed


def check_claimed(listed: ItemList, claim_open: bool) -> None:
    """Raise `WrongState` (NM-36) where no claim of tolerance waits for a finding."""
    if not claim_open:
        text = Text("没有待认定的容错申请", "No claim of tolerance waits for a finding.")
        raise WrongState(text, article=listed.article)


def check_day(pointer: str, day: date, first: date, today: date) -> None:
    """Raise `InvalidInput` for an act dated before what it follows, or after today."""
    if not first <= day <= today:
        message = Text(f"日期应在 {first} 至 {today} 之间", f"The day lies from {first} to {today}.")
        raise InvalidInput(message, errors=[FieldError(pointer, message)])
