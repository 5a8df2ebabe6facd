"""Runs mutants against the pack's check and its cases, in process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from kernel.errors import Problem, Text
from kernel.regulation.cases import CaseResult, WrittenCase, written_cases
from kernel.regulation.checking import check
from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.loading import load, parts
from kernel.regulation.mutation.mutants import SECTIONS, Mutant, mutants
from kernel.regulation.pack import Pack
from kernel.regulation.schema import PackDocument


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: `noticed` says by what (the check, or a case); None where it survived.

    `restated`: only a case that writes the member a second time noticed, none in which something is decided.
    """

    mutant: Mutant
    noticed: str | None
    restated: bool = False


class Proof:
    """The mutants of one pack folder and the cases that ought to notice them.

    Raises `PackRefused` for a pack with faults, and where a case of its own fails: nothing is proved by those.
    """

    def __init__(self, folder: Path, library: Path | None = None) -> None:
        whole = load(folder, library)
        self.parts = parts(folder, library=library)
        self.cases: list[WrittenCase] = []
        for written in written_cases(folder / "cases"):
            result = written.run(whole) if isinstance(written, WrittenCase) else written
            if result.failure is not None:
                raise PackRefused([_fault(result)])
            if isinstance(written, WrittenCase):
                self.cases.append(written)
        self.cases.sort(key=_restates)

    def mutants(self) -> list[Mutant]:
        """Every mutant of the pack's own members."""
        return list(mutants(self.parts.own))

    def verdicts(self, only: str = "*") -> Iterator[Verdict]:
        """Every mutant whose path fits the pattern, with what noticed it."""
        for mutant in self.mutants():
            if mutant.fits(only):
                yield self.verdict(mutant)

    def verdict(self, mutant: Mutant) -> Verdict:
        """What notices the mutant: the schema, the check, or the first case that fails."""
        try:
            pack = self.pack(mutant)
        except ValidationError:
            return Verdict(mutant, "schema")
        except PackRefused:
            return Verdict(mutant, "check")
        for written in self.cases:
            if written.run(pack).failure is not None:
                return Verdict(mutant, f"{written.file}: {written.case.name}", _restates(written))
        return Verdict(mutant, None)

    def pack(self, mutant: Mutant) -> Pack:
        """The pack as it would be; raises `ValidationError` or `PackRefused` where it cannot be one."""
        own = mutant.build(self.parts.own)
        layered, faults = self.parts.layered(own)
        try:
            faults += check(layered.document, _alone(own, mutant), self.parts.source)
        except Problem as problem:  # a name that no longer resolves while conditions are typed
            raise PackRefused([]) from problem
        if faults:
            raise PackRefused(faults)
        return Pack(layered.document, self.parts.lineage)


def _restates(written: WrittenCase) -> bool:
    case = written.case
    decides = (case.rule, case.group, case.probation, case.counter, case.compensation, case.tenure)
    return not any(decides)


def _alone(own: PackDocument, mutant: Mutant) -> PackDocument:
    """Only the changed member, so that a check looks at it alone; a changed fact is checked in all that reads it."""
    if mutant.section == "facts":
        return own
    empty: dict[str, object] = {section: {} for section in SECTIONS}
    if mutant.section in empty:
        empty[mutant.section] = {mutant.member: getattr(own, mutant.section)[mutant.member]}
    return own.model_copy(update=empty)


def _fault(result: CaseResult) -> Fault:
    return Fault(result.file, result.name, None, None, Text("算例不符", str(result.failure)))
