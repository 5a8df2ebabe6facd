"""What a measurement found, as a table to read and as JSON to keep."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spread:
    """Median, smallest and largest of several rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Raises: `statistics.StatisticsError` when there are none."""
        return cls(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.low)}–{number(self.high)})"


@dataclass(frozen=True)
class Target:
    """One limit: what was measured against it, and whether it held. `limit` is a floor unless `at_most`."""

    what: str
    measured: Spread
    limit: float
    at_most: bool = False
    ours: Spread | None = None
    beside: Spread | None = None
    """What was measured on our side, and the limit beside it, where `measured` is their ratio."""

    @property
    def met(self) -> bool:
        """By the median; the spread is printed beside it."""
        return self.measured.median <= self.limit if self.at_most else self.measured.median >= self.limit


@dataclass
class Outcome:
    """Of one bench. `missing`: why it could not be run, and what mends that."""

    name: str
    columns: Sequence[str] = ()
    rows: list[tuple[str, list[Spread | None]]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    missing: str = ""

    @property
    def code(self) -> int:
        """0 all met, 1 a target missed, 2 not run."""
        return 2 if self.missing else int(not all(target.met for target in self.targets))

    def as_json(self) -> dict[str, Any]:
        """Everything, for a machine."""
        return {
            "name": self.name,
            "missing": self.missing,
            "facts": {**self.facts, "load_at_the_end": os.getloadavg()[0]},
            "rows": [
                {"variant": name}
                | {column: asdict(v) if v else None for column, v in zip(self.columns, values, strict=True)}
                for name, values in self.rows
            ],
            "targets": [asdict(target) | {"met": target.met} for target in self.targets],
        }


HEAD = ("what", "ours", "limit", "ratio", "target", "met")


def summary(outcomes: Sequence[Outcome]) -> str:
    """One table of all targets; what was not run stands in it as such."""
    lines = [list(HEAD)]
    for outcome in outcomes:
        if outcome.missing:
            lines.append([outcome.name, "", "", "", "", "NOT RUN"])
        for target in outcome.targets:
            ratio = str(target.measured) if target.beside else ""
            ours = str(target.ours or ("" if target.beside else target.measured))
            asked = f"{'≤' if target.at_most else '≥'} {number(target.limit)}"
            met = "met" if target.met else "NOT MET"
            lines.append([target.what, ours, str(target.beside or ""), ratio, asked, met])
    return _aligned(lines)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def number(value: float) -> str:
    """With as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def printed(outcome: Outcome) -> str:
    """The table as text."""
    if outcome.missing:
        return f"{outcome.name}: NOT RUN  {outcome.missing}"
    lines = [[outcome.name, *outcome.columns]]
    lines += [[name, *("" if value is None else str(value) for value in values)] for name, values in outcome.rows]
    text = [_aligned(lines)]
    for target in outcome.targets:
        sign = "≤" if target.at_most else "≥"
        verdict = "met" if target.met else "NOT MET"
        text.append(f"{verdict:8}{target.what}: {target.measured}, target {sign} {number(target.limit)}")
    return "\n".join(text)
