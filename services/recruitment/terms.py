"""The terms of the exam as a notice states them: weights, pass lines, ratio, tie-break, rounds of replacement.

No article gives these figures: they are the notice's, and what it leaves out is the pack's default, shown as *ours*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

Part = Literal["written", "interview"]
WHOLE = 10_000
"""Basis points that the weights sum to."""
FULL_MARKS = Decimal(100)
"""Scores are given on the scale of a hundred points (百分制)."""
SCORE_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """Resolved terms. Weights in basis points; a part of weight 0 is not held. `ours`: what the notice left out."""

    written_weight: int
    interview_weight: int
    written_pass: Decimal | None
    interview_pass: Decimal | None
    interview_ratio: int
    tie_break: Sequence[Part]
    decimals: int
    replacement_rounds: int
    ours: Sequence[str]

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Terms":
        """The terms as the notice's row holds them."""
        lines = {name: _decimal(stored[name]) for name in ("written_pass", "interview_pass")}
        return cls(**{**stored, **lines})

    def stored(self) -> dict[str, Any]:
        """The terms as JSON; pass lines as decimal text."""
        return {
            "written_weight": self.written_weight,
            "interview_weight": self.interview_weight,
            "written_pass": None if self.written_pass is None else str(self.written_pass),
            "interview_pass": None if self.interview_pass is None else str(self.interview_pass),
            "interview_ratio": self.interview_ratio,
            "tie_break": list(self.tie_break),
            "decimals": self.decimals,
            "replacement_rounds": self.replacement_rounds,
            "ours": list(self.ours),
        }

    def weight(self, part: Part) -> int:
        """Basis points of a part."""
        return self.written_weight if part == "written" else self.interview_weight

    def pass_line(self, part: Part) -> Decimal | None:
        """The least score of a part, included; None where the notice sets none."""
        return self.written_pass if part == "written" else self.interview_pass

    def total(self, written: Decimal, interview: Decimal) -> Decimal:
        """The composed score, exact, then rounded half up once to the places that the notice publishes."""
        exact = (written * self.written_weight + interview * self.interview_weight) / WHOLE
        return rounded(exact, self.decimals)


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up (四舍五入) to so many places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
