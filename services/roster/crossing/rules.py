"""What a move to another tenant asks of the giving side (NM-23; NM-7 for elected office). Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Role

ANSWER_DAYS = "crossing.answer_days"
ELECTED = "elected_office"


def check_other_tenant(own: object, receiving: object) -> None:
    """Raise `InvalidInput` for a move inside the tenant, which is a transfer."""
    if own == receiving:
        text = Text(
            "同一辖区内流动请使用流动（transfers）", "Inside one jurisdiction a transfer is what moves a worker."
        )
        raise InvalidInput(text, errors=[FieldError("/receiving_tenant", text)])


def elected(pack: Pack, roles: Iterable[str]) -> list[Role]:
    """The elected offices among the roles."""
    known = [pack.role(role) for role in roles]
    return [each for each in known if each is not None and each.relation == ELECTED]


def check_offices(pack: Pack, roles: Sequence[str], ends_by: str | None) -> None:
    """Raise `RuleRefused` for a holder of elected office without the record by which the office ends."""
    offices = elected(pack, roles)
    if offices and ends_by is None:
        label = offices[0].label
        raise RuleRefused(
            Text(
                f"该人员任“{label.zh}”，应先按有关规定办理离任并注明依据",
                f"The worker holds elected office ({label.en}); name the record by which it ends.",
            ),
            article=offices[0].article,
        )


def check_state(state: str, allowed: tuple[str, ...]) -> None:
    """Raise `WrongState` where the matter is not where this may be done."""
    if state not in allowed:
        raise WrongState(Text("该跨辖区流动事项当前状态不能办理", f"Not possible while the move is {state}."))


def can_leave(begun: Sequence[date | None], offices: bool, ends_by: str | None, on: date) -> bool:
    """Whether the posts held (their first days) can end on a day: there is one, all began before, no office is cut."""
    return bool(begun) and all(day is not None and day < on for day in begun) and not (offices and ends_by is None)
