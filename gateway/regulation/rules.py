"""Who may decide on a local figure, and from when on it holds (P7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.errors import FieldError, Forbidden, InvalidInput, RuleRefused, Text
from kernel.regulation.schema.meta import Organ


@dataclass(frozen=True, slots=True)
class Held:
    """A period in which a value of the figure holds in the unit."""

    id: UUID
    valid_from: date
    valid_before: date | None

    def holds(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return self.valid_from <= on and (self.valid_before is None or on < self.valid_before)


@dataclass(frozen=True, slots=True)
class Place:
    """The end of a new period, and the older one that it ends."""

    valid_before: date | None
    ends: UUID | None


@dataclass(frozen=True, slots=True)
class RootSeat:
    """The post that acts for the whole tenant: department kind and level; None below the topmost unit."""

    department: str | None
    level: str | None


def check_organ(organ: Organ, seat: RootSeat, refusal: Text) -> None:
    """Raise `Forbidden` unless the post is of the very organ that the regulation in force names for the act."""
    if (seat.department, seat.level) != (organ.department, organ.level):
        raise Forbidden(refusal)


def check_four_eyes(proposed_by: UUID, decider: UUID | None, article: str | None) -> None:
    """Raise `RuleRefused` where the proposer would decide."""
    if decider is None or decider == proposed_by:
        raise RuleRefused(
            Text("回避：提出人不得审批本人提出的参数", "Recusal: who proposed a figure does not decide on it."),
            article=article,
        )


def first_day(held: Sequence[Held], valid_from: date, today: date) -> date:
    """From when on a value that others approved holds: what another held on days past stays, so from today at least."""
    return max(valid_from, today) if any(one.holds(valid_from) for one in held) else valid_from


def place(held: Sequence[Held], valid_from: date, today: date, article: str | None) -> Place:
    """Where a value from `valid_from` on fits among the periods of the same figure and unit.

    It holds until the next period that was decided on already, and ends the one it begins in. What held on days
    already past stays as it was: raises `InvalidInput` where the new value would replace it there. Days past on which
    nothing held may be filled in, since the document that is recorded may be older than its record.
    """
    present = next((one for one in held if one.holds(valid_from)), None)
    if present is not None and valid_from < today:
        raise InvalidInput(
            errors=[
                FieldError(
                    "/valid_from",
                    Text(
                        "不得改变过去已生效的值，请改定生效日", "a value already held on that day; name today or later"
                    ),
                    article=article,
                )
            ],
            article=article,
        )
    later = [one.valid_from for one in held if one.valid_from > valid_from]
    return Place(min(later, default=None), present.id if present else None)
