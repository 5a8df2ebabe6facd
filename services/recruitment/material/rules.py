"""When documents are taken in, and what is still missing (NM-8). Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, Text, WrongState

MOST = 40
"""Documents of one application; with the limit of each file it bounds what one account can store."""
State = Literal["open", "answered", "lapsed"]


@dataclass(frozen=True, slots=True)
class Request:
    """A request for more, with the kinds that came in answer to it."""

    id: UUID
    kinds: Collection[str]
    deadline: datetime
    came: Collection[str] = ()

    def state(self, now: datetime) -> State:
        """answered once every kind came; else lapsed from the deadline on."""
        if set(self.kinds) <= set(self.came):
            return "answered"
        return "open" if now < self.deadline else "lapsed"


def answering(
    kind: str,
    *,
    state: str,
    count: int,
    now: datetime,
    closes_at: datetime,
    asked: Collection[str],
    requests: Sequence[Request],
) -> UUID | None:
    """The request that a document of this kind answers; None where it belongs to the sign-up itself.

    Raises `WrongState` once the review is over, after sign-up has closed without a request, and for too many;
    `InvalidInput` for a kind that neither the notice nor a request names.
    """
    if state != "submitted":
        raise WrongState(Text("资格审查已结束，不再接收材料", "The review is over; no more documents are taken."))
    if count >= MOST:
        raise WrongState(Text(f"每份报名最多{MOST}份材料", f"An application has at most {MOST} documents."))
    waiting = [each for each in requests if each.state(now) == "open" and kind in each.kinds]
    if waiting:
        return waiting[0].id
    late = any(each.state(now) == "lapsed" and kind in each.kinds for each in requests)
    if now >= closes_at:
        told = Text("补充材料的期限已过", "The time for this request is over.")
        shut = Text("报名已截止，只接收要求补充的材料", "Sign-up has closed; only what was asked for is taken.")
        raise WrongState(told if late else shut)
    if kind not in asked:
        raise InvalidInput(
            errors=[FieldError("/kind", Text("公告未要求此类材料", "The notice does not ask for this document."))]
        )
    return None


def missing(required: Iterable[str], came: Collection[str]) -> list[str]:
    """The required kinds of which nothing came, each once, in the order of the notice."""
    return [kind for kind in dict.fromkeys(required) if kind not in came]


def check_askable(state: str, deadline: datetime, now: datetime) -> None:
    """Raise `WrongState` unless the review is open, `InvalidInput` for a deadline that has passed."""
    if state != "submitted":
        raise WrongState(Text("该报名不在资格审查中", "The application is not under review."))
    if deadline <= now:
        raise InvalidInput(errors=[FieldError("/deadline", Text("期限已过", "The deadline lies in the past."))])


def check_complete(lacking: Sequence[str], requests: Sequence[Request], now: datetime) -> None:
    """Raise `WrongState` where somebody would be found qualified without what the notice requires or was asked for.

    `lacking`: titles, as the notice writes them.
    """
    if lacking:
        raise WrongState(
            Text(f"缺少公告要求的材料：{'、'.join(lacking)}", f"Required documents are missing: {', '.join(lacking)}.")
        )
    if any(each.state(now) == "open" for each in requests):
        raise WrongState(Text("补充材料的期限未到", "A request for more documents is still open."))
