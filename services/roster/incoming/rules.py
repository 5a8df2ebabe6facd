"""What the receiving side's answer must be, and which days served elsewhere it takes over (NM-23). Pure."""

from collections.abc import Iterable
from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Role

USER_LEVEL = "contract.user_level"
ELECTED = "elected_office"


def check_role(pack: Pack, role: str) -> Role:
    """The role to be taken; `InvalidInput` for an unknown one, `RuleRefused` for one that only an election gives."""
    known = pack.role(role)
    if known is None:
        text = Text("本办法没有这一岗位", "The regulation knows no such post.")
        raise InvalidInput(text, errors=[FieldError("/role", text)])
    if known.relation == ELECTED:
        raise RuleRefused(
            Text(
                f"“{known.label.zh}”按有关规定产生，不能以流动方式取得",
                f"{known.label.en}: the office is given by its own rules, a move does not carry it.",
            ),
            article=known.article,
        )
    return known


def check_community(level: str, wanted: str | None) -> None:
    """Raise `InvalidInput` for a unit in which nobody serves; None: the regulation names no level."""
    if wanted is not None and level != wanted:
        text = Text("应为社区一级单位", f"The unit must be of level {wanted}.")
        raise InvalidInput(text, errors=[FieldError("/community_unit_id", text)])


def check_rank_answered(offered: bool, answered: bool) -> None:
    """Raise `InvalidInput` where the answer passes over a rank that was offered, or judges one that was not."""
    if offered != answered:
        text = (
            Text("应逐项说明是否认可岗位等级", "Say whether the rank is recognised.")
            if offered
            else Text("对方未提供岗位等级，不能认可", "No rank was offered; there is none to recognise.")
        )
        raise InvalidInput(text, errors=[FieldError("/rank", text)])


def check_state(state: str, allowed: tuple[str, ...]) -> None:
    """Raise `WrongState` where the matter is not where this may be done."""
    if state not in allowed:
        raise WrongState(Text("该跨辖区流动事项当前状态不能办理", f"Not possible while the move is {state}."))


def closed(spans: Iterable[tuple[date, date | None]], ends: date) -> list[tuple[date, date]]:
    """The days served elsewhere up to, not including, `ends`; what had not begun by then is left out."""
    cut = [(start, min(before or ends, ends)) for start, before in spans]
    return [(start, before) for start, before in cut if start < before]
