"""What an entry of earlier history must be before it becomes a dossier (NM-3). Pure."""

from collections.abc import Sequence
from datetime import date

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.pack import Pack


def check_category(pack: Pack, category: str) -> None:
    """Raise `InvalidInput` for a category of worker that the regulation does not know."""
    if category not in pack.document.categories:
        known = "、".join(f"{each.label.zh}（{name}）" for name, each in pack.document.categories.items())
        message = Text(f"没有这一人员类别；可用：{known}", "The regulation knows no such category of worker.")
        raise InvalidInput(message, errors=[FieldError("/category", message)])


def check_community(at: str, level: str | None) -> None:
    """Raise `InvalidInput` for a unit that is not of the level where workers serve; None: the regulation names none."""
    if level is not None and at != level:
        message = Text("应为社区一级单位", f"The unit must be of level {level}.")
        raise InvalidInput(message, errors=[FieldError("/community_unit_id", message)])


def first_days(periods: Sequence[tuple[date, date | None]], today: date) -> tuple[date, date | None]:
    """Since when the worker is known, and since when without a break in posts held now; None where none is held."""
    lasting = [start for start, before in periods if before is None or before > today]
    return min(start for start, _ in periods), min(lasting) if lasting else None
