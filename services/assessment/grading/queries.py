"""What grading reads over results, scores and answers. The rows are those of the features below it."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from services.assessment.cycle import queries as cycles
from services.assessment.scoring import queries as scores


async def open_results(tx: Transaction, cycle_id: UUID, *, lock: bool = False) -> list[cycles.Result]:
    """The people of the cycle who are to be graded."""
    return await cycles.results(tx, cycle_id, "open", lock=lock)


async def official_points(tx: Transaction, results: list[cycles.Result]) -> dict[UUID, dict[str, Decimal]]:
    """Scores given by officials, by result and component."""
    return await scores.points(tx, [row.id for row in results])


def grades_by_year(rows: Iterable[cycles.Result]) -> dict[int, str | None]:
    """By year the sealed grade of a person; None for a year listed without one."""
    found: dict[int, str | None] = {}
    for row in rows:
        grade = row.grade if row.state == "sealed" else None
        if grade is not None or row.year not in found:
            found[row.year] = grade
    return found


def failed_years(rows: Iterable[cycles.Result]) -> dict[int, bool | None]:
    """By year whether a person failed; None for a year listed without a grade. A grade stands over a year left out."""
    found: dict[int, bool | None] = {}
    for row in rows:
        failed = row.failing if row.state == "sealed" else None
        if failed is not None or row.year not in found:
            found[row.year] = failed
    return found
