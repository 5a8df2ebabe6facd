"""What a transfer asks of both sides (NM-23; NM-7 for elected office). Pure."""

from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack

ELECTED = "elected_office"


def check_role(pack: Pack, role: str) -> None:
    """Raise `InvalidInput` for an unknown role, `RuleRefused` for one that only an election gives."""
    known = pack.role(role)
    if known is None:
        text = Text("本办法没有这一岗位", "The regulation knows no such post.")
        raise InvalidInput(text, errors=[FieldError("/role", text)])
    if known.relation == ELECTED:
        raise RuleRefused(
            Text(
                f"“{known.label.zh}”按有关规定产生，不能以流动方式取得",
                f"{known.label.en}: the office is given by its own rules, a transfer does not carry it.",
            ),
            article=known.article,
        )


def check_places(origin: object, target: object, level: str, wanted: str | None) -> None:
    """Raise `InvalidInput` for a transfer to where the worker is, or to a unit in which nobody serves."""
    text = None
    if origin == target:
        text = Text("已在该社区", "The worker is in that community.")
    elif wanted is not None and level != wanted:
        text = Text("应为社区一级单位", f"The unit must be of level {wanted}.")
    if text is not None:
        raise InvalidInput(text, errors=[FieldError("/to_community_unit_id", text)])


def check_day(effective_on: date, today: date) -> None:
    """Raise `InvalidInput` for a day that has passed when the worker is released."""
    if effective_on < today:
        text = Text(f"生效日期不得早于今天（{today}）", f"A transfer takes effect today ({today}) or later.")
        raise InvalidInput(text, errors=[FieldError("/effective_on", text)])


def check_after(effective_on: date, taken: list[date]) -> None:
    """Raise `InvalidInput` for a transfer on or before the first day of a post that it ends."""
    if taken and effective_on <= max(taken):
        text = Text(
            f"生效日期应晚于现任职日期（{max(taken)}）",
            f"A transfer comes after the present post began ({max(taken)}).",
        )
        raise InvalidInput(text, errors=[FieldError("/effective_on", text)])


def check_still_ahead(effective_on: date, today: date) -> None:
    """Raise `WrongState` where the day that was agreed passed before the receiving side answered."""
    if effective_on < today:
        raise WrongState(
            Text(
                f"约定生效日期 {effective_on} 已过，请由转出方撤回后重新办理",
                f"The agreed day {effective_on} has passed; the giving side withdraws and releases anew.",
            )
        )


def check_offices(pack: Pack, roles: list[str], ends_by: str | None) -> None:
    """Raise `RuleRefused` for a holder of elected office without the record by which the office ends.

    A program never ends an elected post on its own: its rules do, and the record names them.
    """
    for role in roles:
        known = pack.role(role)
        if known is not None and known.relation == ELECTED and ends_by is None:
            raise RuleRefused(
                Text(
                    f"该人员任“{known.label.zh}”，应先按有关规定办理离任并注明依据",
                    f"The worker holds elected office ({known.label.en}); name the record by which it ends.",
                ),
                article=known.article,
            )


def check_state(state: str, allowed: tuple[str, ...]) -> None:
    """Raise `WrongState` where the transfer is not where this may be done."""
    if state not in allowed:
        raise WrongState(Text("该流动事项当前状态不能办理", f"Not possible while the transfer is {state}."))
