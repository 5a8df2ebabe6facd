"""Pure reading of an import's cells: codes, names, days, and the order in which units can be made."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}\Z")
CODE = re.compile(r"([0-9]{6}|[0-9]{12})\Z")
TITLE_LENGTH = 100


def day(text: str) -> date | None:
    """The day that a cell says, or None where it is none. Slashes and points are how many people write it."""
    written = re.sub(r"[/.]", "-", text)
    if (parts := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", written)) is None:
        return None
    try:
        return date(*(int(part) for part in parts.groups()))
    except ValueError:
        return None


def day_after(last: date) -> date | None:
    """The first day on which a period with that last day is over; None where the calendar ends."""
    return last + timedelta(days=1) if last < date.max else None


def in_order(parents: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """The new units in an order in which each comes after its parent, and those that lie in a circle.

    `parents` maps each new unit's code to its parent's, new or not.
    """
    ordered: list[str] = []
    state: dict[str, bool] = {}
    for start in parents:
        path: list[str] = []
        at = start
        while at in parents and at not in state:
            state[at] = False
            path.append(at)
            at = parents[at]
        # Met a unit that stands, one that is placed, or the path itself again.
        fine = at not in parents or state[at]
        for code in reversed(path):
            state[code] = fine
            if fine:
                ordered.append(code)
    return ordered, {code for code, fine in state.items() if not fine}
