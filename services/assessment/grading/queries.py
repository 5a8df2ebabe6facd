"""What grading reads over results, scores and answers. The rows are those of the features below it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from kernel.db.transaction import Transaction
from services.assessment.cycle import queries as cycles
from services.assessment.scoring import queries as scores

T = TypeVar("T")


async def open_results(tx: Transaction, cycle_id: UUID, *, lock: bool = False) -> list[cycles.Result]:
    """The people of the cycle who are to be graded."""
    return await cycles.results(tx, cycle_id, "open", lock=lock)


async def official_points(tx: Transaction, results: list[cycles.Result]) -> dict[UUID, dict[str, Decimal]]:
    """Scores given by officials, by result and component."""
    return await scores.points(tx, [row.id for row in results])


def grades_by_year(rows: Iterable[cycles.Result]) -> dict[int, str | None]:
    """By year the sealed grade of a person; None for a year listed without one."""
    return _by_year(rows, lambda row: row.grade)


def failed_years(rows: Iterable[cycles.Result]) -> dict[int, bool | None]:
    """By year whether a person failed; None for a year listed without a grade. A grade stands over a year left out."""
    return _by_year(rows, lambda row: row.failing)


def _by_year(rows: Iterable[cycles.Result], read: Callable[[cycles.Result], T | None]) -> dict[int, T | None]:
    found: dict[int, T | None] = {}
    for row in rows:
        value = read(row) if row.state == "sealed" else None
        if value is not None or row.year not in found:
            found[row.year] = value
    return found
