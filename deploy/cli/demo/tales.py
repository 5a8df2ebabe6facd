"""The stories: one for each regulation, each in a tenant of its own, side by side on one stack."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.cli.demo import chapters as neimenggu
from deploy.cli.demo import shuanghe
from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast

REGULATIONS = Path(__file__).resolve().parents[3] / "regulations"
NEIGHBOUR = REGULATIONS / "neimenggu" / "demonstration.yaml"
"""The tenant next door in every story: it must not be seen into, and a worker may move to it."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A story: the description of its tenant, the instant it begins, its chapters and the steps they must reach."""

    name: str
    title: str
    description: Path
    begins: str
    chapters: tuple[tuple[Callable[[Cast], None], tuple[Step, ...]], ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the account of this story must hold, in order."""
        first = Step(f"{self.name}-tenants", f"{self.title}：以数据开通租户")
        return (first, *(step for _, steps in self.chapters for step in steps))


TALES = (
    Tale(
        "neimenggu",
        "内蒙古自治区",
        NEIGHBOUR,
        # A Monday morning, twelve days after the regulation came into force.
        "2024-09-02T01:00:00+00:00",
        neimenggu.CHAPTERS,
    ),
    Tale(
        "shuanghe",
        "第五师双河市",
        REGULATIONS / "shuanghe" / "demonstration.yaml",
        "2025-01-06T01:00:00+00:00",
        shuanghe.CHAPTERS,
    ),
)
STEPS: tuple[Step, ...] = tuple(step for tale in TALES for step in tale.steps)

__all__ = ["NEIGHBOUR", "STEPS", "TALES", "Tale"]
