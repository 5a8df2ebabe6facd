"""`shegong regulation mutate`: every figure of a pack changed, one at a time, against its cases and then the tests.

Nothing is written: a test run is a child of this process in which the changed pack stands in the place of the real one.
"""

import json
import multiprocessing
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.cli.coverage import marked_tests
from kernel.regulation import loading
from kernel.regulation.layers import Layered
from kernel.regulation.mutation import Mutant, Proof, Survivors, Verdict
from kernel.regulation.schema.base import Basis, article_of

ROOT = Path(__file__).resolve().parents[2]
FAILED = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One mutant as it is reported: what noticed it, or why it may survive."""

    path: str
    change: str
    noticed: str | None
    reason: str | None

    @property
    def survives(self) -> bool:
        """Whether nothing noticed it and nothing says that it may."""
        return self.noticed is None and self.reason is None


@dataclass(frozen=True, slots=True)
class Report:
    """The proof of one pack: how many mutants, those that nothing noticed, and entries that no survivor needs."""

    pack: str
    mutants: int
    restated: int
    lines: tuple[Line, ...]
    stale: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether a mutant survives without a reason, or a reason without a mutant."""
        return bool(self.stale) or any(line.survives for line in self.lines)

    def as_json(self) -> str:
        """The report for programs."""
        lines = [
            {"path": each.path, "change": each.change, "noticed": each.noticed, "reason": each.reason}
            for each in self.lines
        ]
        found = {"pack": self.pack, "mutants": self.mutants, "restated": self.restated, "stale": list(self.stale)}
        return json.dumps(found | {"survivors": lines}, ensure_ascii=False, indent=1)


def prove(folder: Path, library: Path, *, tests: Path | None, deep: bool = False, only: str = "*") -> Report:
    """Run the mutants of the pack against its cases, and survivors against the tests where a folder is given.

    With `deep` the tests are also run for what only a restatement noticed; who no test notices is then a line of its
    own, though no survivor.
    """
    proof, listed = Proof(folder, library), Survivors.beside(folder)
    verdicts = list(proof.verdicts(only))
    survived = [each.mutant for each in verdicts if each.noticed is None]
    runner = TestRuns(folder, proof, tests) if tests is not None else None
    lines = []
    for verdict in verdicts:
        if verdict.noticed is None or (deep and verdict.restated):
            lines.append(_line(verdict, listed, runner))
    stale = tuple(each.path for each in listed.stale(survived)) if only == "*" else ()
    restated = sum(each.restated for each in verdicts)
    return Report(proof.parts.own.pack.id, len(verdicts), restated, tuple(lines), stale)


def _line(verdict: Verdict, listed: Survivors, runner: "TestRuns | None") -> Line:
    mutant, reason = verdict.mutant, listed.reason(verdict.mutant)
    seen = runner.notices(mutant) if runner is not None else None
    return Line(mutant.path, mutant.change, seen or verdict.noticed, reason.en if reason else None)


class TestRuns:
    """Runs the tests that carry a mutant's article with the mutant in the pack's place."""

    __test__ = False

    def __init__(self, folder: Path, proof: Proof, tests: Path) -> None:
        self.folder, self.proof, self.tests = folder.resolve(), proof, tests
        self.marked = marked_tests(tests)

    def notices(self, mutant: Mutant) -> str | None:
        """The tests that failed on the mutant, or None."""
        chosen = self.chosen(mutant)
        if not chosen:
            return None
        own = mutant.build(self.proof.parts.own)
        layered, _ = self.proof.parts.layered(own)
        child = multiprocessing.get_context("fork").Process(
            target=_run, args=(self.folder, layered, self.proof.parts.lineage, chosen)
        )
        child.start()
        child.join()
        return f"tests of {_article(self.proof, mutant) or self.folder.name}" if child.exitcode == FAILED else None

    def chosen(self, mutant: Mutant) -> list[str]:
        """Files of tests that carry the article of the member; what only runs the cases again carries none."""
        article = _article(self.proof, mutant)
        carrying = self.marked.get(article_of(article), []) if article else []
        return sorted({str(self.tests / name.split("::", 1)[0]) for name in carrying})


def _article(proof: Proof, mutant: Mutant) -> str | None:
    members = getattr(proof.parts.own, mutant.section)
    member = members.get(mutant.member) if isinstance(members, Mapping) else None
    return member.article if isinstance(member, Basis) else None


def _run(folder: Path, layered: Layered, lineage: tuple[object, ...], chosen: Iterable[str]) -> None:
    """In the child: whoever loads the folder is given the mutant, whose faults nobody looks for any more."""
    import pytest

    real = loading._load

    def load(asked: Path, below: tuple[str, ...], library: Path | None) -> tuple[Layered, tuple[object, ...]]:
        return (layered, lineage) if asked.resolve() == folder else real(asked, below, library)

    loading._load = load  # type: ignore[assignment]  # this child ends with the run
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(ROOT)
    os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), *chosen])))
