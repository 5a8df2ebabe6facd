"""Who is newly appointed, and what the year of appointment asks beside it (SH-27)."""

from datetime import date
from pathlib import Path

import pytest

from kernel.regulation.loading import load
from services.training.yearly import rules
from services.training.yearly.rules import Held
from tests.unit.services.training.packs import REGULATIONS, inner_mongolia

PACK = load(Path(REGULATIONS) / "shuanghe")
TODAY = date(2025, 10, 13)
ELECTED = date(2025, 3, 3)


def asked(*posts: Held) -> tuple[str | None, str | None]:
    """What is owed at the start, and in the year."""
    start, year = rules.induction(PACK, posts, 2025, TODAY), rules.owed(PACK, posts, 2025, TODAY)
    return (str(start.hours) if start else None, str(year.hours) if year else None)


@pytest.mark.article("SH-27")
@pytest.mark.parametrize(
    ("posts", "owed"),
    [
        ((Held("secretary", date(2021, 7, 1), None),), (None, "30")),
        ((Held("director", date(2021, 7, 1), None),), (None, "20")),
        ((Held("deputy_director", date(2021, 7, 1), None),), (None, "20")),
        ((Held("staff", ELECTED, None),), (None, "20")),
        ((Held("committee_member", ELECTED, None),), ("24", None)),
        ((Held("committee_member", date(2024, 12, 31), None),), (None, "20")),
        ((Held("committee_member", date(2025, 1, 1), None),), ("24", None)),
        ((Held("secretary", ELECTED, None),), ("24", "30")),
        # Secretary and director at once are one new person.
        ((Held("secretary", ELECTED, None), Held("director", ELECTED, None)), ("24", "30")),
        # A change of seat without a day between is no new appointment; with one it is.
        ((Held("branch_member", date(2021, 7, 1), ELECTED), Held("director", ELECTED, None)), (None, "20")),
        ((Held("branch_member", date(2021, 7, 1), date(2025, 3, 2)), Held("director", ELECTED, None)), ("24", None)),
        ((Held("staff", date(2021, 7, 1), ELECTED), Held("committee_member", ELECTED, None)), ("24", None)),
        ((Held("public_welfare", date(2021, 7, 1), None),), (None, None)),
    ],
)
def test_thirty_twenty_four_twenty(posts: tuple[Held, ...], owed: tuple[str | None, str | None]) -> None:
    assert asked(*posts) == owed


@pytest.mark.article("SH-27")
@pytest.mark.parametrize(("day", "owed"), [(date(2022, 12, 31), False), (date(2023, 1, 1), True)])
def test_nobody_owes_it_for_an_appointment_older_than_the_regulation(day: date, owed: bool) -> None:
    start = rules.induction(PACK, (Held("committee_member", day, None),), day.year, TODAY)
    assert (start is not None) is owed


@pytest.mark.article("NM-20")
def test_a_regulation_that_asks_for_no_start_is_left_as_it_is() -> None:
    posts = (Held("secretary", ELECTED, None),)
    assert rules.induction(inner_mongolia(), posts, 2025, TODAY) is None
    owed = rules.owed(inner_mongolia(), posts, 2025, TODAY)
    assert owed is not None
    assert owed.hours == 56
