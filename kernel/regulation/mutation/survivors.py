"""Survivors that may: `survivors.yaml` beside a pack, each with its reason, so that a new one is a fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import Field, ValidationError

from kernel.regulation.faults import PackRefused
from kernel.regulation.mutation.mutants import Mutant
from kernel.regulation.reading import faults_of, read_yaml
from kernel.regulation.schema.base import Label, Model

FILE = "survivors.yaml"


class Survivor(Model):
    """Mutants that may survive: path and change as patterns with `*`, and why nothing need notice them."""

    path: str = Field(min_length=1)
    change: str = "*"
    reason: Label

    def covers(self, mutant: Mutant) -> bool:
        """Whether the mutant is one of these."""
        return mutant.fits(self.path, self.change)


class SurvivorFile(Model):
    """The file."""

    survivors: list[Survivor] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Survivors:
    """What the file beside a pack lists."""

    listed: tuple[Survivor, ...]

    @classmethod
    def beside(cls, folder: Path) -> "Survivors":
        """The file of a pack folder; none where there is no file. Raises `PackRefused` for one that is not readable."""
        path = folder / FILE
        if not path.is_file():
            return cls(())
        source = read_yaml(path.read_text(encoding="utf-8"), f"{folder.name}/{FILE}")
        if source.faults:
            raise PackRefused(source.faults)
        try:
            return cls(tuple(SurvivorFile.model_validate_json(orjson.dumps(source.data)).survivors))
        except ValidationError as error:
            raise PackRefused(faults_of(error, source)) from error

    def reason(self, mutant: Mutant) -> Label | None:
        """Why the mutant may survive; None where it may not."""
        return next((each.reason for each in self.listed if each.covers(mutant)), None)

    def stale(self, survived: Iterable[Mutant]) -> list[Survivor]:
        """Entries that no survivor needs any more."""
        alive = list(survived)
        return [each for each in self.listed if not any(each.covers(mutant) for mutant in alive)]
