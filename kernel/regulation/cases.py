"""Cases beside a pack: dated facts and the findings that the text requires, both sides of every boundary.

They are the pack's own proof, written in the words of the regulation and run by `shegong regulation check`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import Field, JsonValue, StringConstraints, ValidationError, model_validator

from kernel.errors import Problem, Text
from kernel.regulation.checking.references import SECTION_OF
from kernel.regulation.counting import counter_findings
from kernel.regulation.evaluation import Determination
from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.figures import FigureState
from kernel.regulation.findings import Finding, plain
from kernel.regulation.loading import load
from kernel.regulation.national.compensation import Ended, Wages, compensation_findings
from kernel.regulation.national.probation import Term, TermKind, longest_probation
from kernel.regulation.national.tenure import Concluded, Tenure, tenure_findings
from kernel.regulation.pack import Pack, UnknownMember
from kernel.regulation.reading import read_yaml
from kernel.regulation.schema.base import Model
from kernel.regulation.schema.parameters import ParameterValue
from kernel.regulation.schema.rules import Outcome
from kernel.regulation.schema.workflows import BoundOffice, Office

ASKED = (
    "rule",
    "group",
    "parameter",
    "workflow",
    "procedure",
    "probation",
    "counter",
    "member",
    "compensation",
    "tenure",
)
Year = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class TermCase(Model):
    """A contract term whose longest probation the case fixes."""

    table: str
    term: TermKind
    start: date
    before: date | None = None


Yuan = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]{1,2})?$")]


class CompensationCase(Model):
    """An ended contract, with the worker's pay and the wages of the place; `asked` is the finding that the case fixes.

    What is left out is not known.
    """

    asked: str
    relation: str = "labour_contract"
    ground: str
    worked_from: date
    last_day: date
    pay: Yuan | None = None
    minimum_wage: Yuan | None = None
    average_wage: Yuan | None = None
    refused_renewal: bool | None = None
    instead_of_notice: bool = False
    if_unlawful: bool = False


class ContractCase(Model):
    """One written contract of a `TenureCase`."""

    kind: Literal["fixed", "open_ended"] = "fixed"
    conclusion: str = "new"
    start: date
    before: date | None = None
    concluded_on: date
    reasoned: bool = False


class TenureCase(Model):
    """Work since a day and the contracts concluded for it; `asked` is the finding that the case fixes."""

    asked: str
    relation: str = "labour_contract"
    worked_from: date
    contracts: list[ContractCase] = Field(default_factory=list)


class Case(Model):
    """One dated sentence: what is asked (exactly one of the ten) and what must come out.

    `member` names any member (`workflow:hire`, `list:exit.grounds`, `pack`, `calendar`); `holds` is what it must say,
    as far as it is written: of a mapping the keys named, of a list every item. `remarks` counts those of a rule. A
    `counter` is asked over `grades` by year, for the last of them.
    """

    name: str
    on: date
    rule: str | None = None
    group: str | None = None
    parameter: str | None = None
    workflow: str | None = None
    procedure: str | None = None
    probation: TermCase | None = None
    compensation: CompensationCase | None = None
    tenure: TenureCase | None = None
    counter: str | None = None
    grades: dict[Year, str] = Field(default_factory=dict)
    member: str | None = None
    facts: dict[str, bool | int | str | list[str] | list[int]] = Field(default_factory=dict)
    determinations: dict[str, Determination] = Field(default_factory=dict)
    outcome: Outcome | None = None
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    value: ParameterValue | None = None
    state: FigureState | None = None
    remarks: int | None = None
    steps: list[str] = Field(default_factory=list)
    holds: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def asks_one_thing(self) -> Self:
        """One question a case, with its answer."""
        asked = [getattr(self, name) for name in ASKED]
        if sum(each is not None for each in asked) != 1:
            raise ValueError(f"a case asks one of: {', '.join(ASKED)}")
        if (self.counter is None) != (not self.grades):
            raise ValueError("`grades` belong to a `counter`, which needs them")
        if not (self.outcome or self.outcomes or self.steps or self.state or self.holds or self.value is not None):
            raise ValueError("a case says what must come out: outcome, outcomes, value, state, steps or holds")
        return self


class CaseFile(Model):
    """A file of cases; `base` are facts that every case of it starts from."""

    base: dict[str, bool | int | str | list[str] | list[int]] = Field(default_factory=dict)
    cases: list[Case] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case that was run; `failure` says what came out instead. `seen` lists (rule, outcome) it fixed."""

    file: str
    name: str
    failure: str | None
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """One case with the facts that its file starts from."""

    file: str
    case: Case
    base: Mapping[str, object]

    def run(self, pack: Pack) -> CaseResult:
        """What the pack answers."""
        return _run(pack, self.case, self.base, self.file)


def load_with_cases(folder: Path, library: Path | None = None) -> Pack:
    """The checked pack of the folder whose cases all come out; raises `PackRefused` with what does not."""
    pack = load(folder, library)
    failed = [
        Fault(each.file, each.name, None, None, Text(f"案例不符：{each.failure}", f"the case fails: {each.failure}"))
        for each in run_cases(pack, folder / "cases")
        if each.failure is not None
    ]
    if failed:
        raise PackRefused(failed)
    return pack


def run_cases(pack: Pack, folder: Path) -> Iterator[CaseResult]:
    """Run every case of `folder`/*.yaml on the pack, and name rules whose two sides no case shows."""
    seen: set[tuple[str, str]] = set()
    for written in written_cases(folder):
        result = written.run(pack) if isinstance(written, WrittenCase) else written
        seen.update(result.seen)
        yield result
    yield from _one_sided(pack, seen, folder.name)


def written_cases(folder: Path) -> Iterator[WrittenCase | CaseResult]:
    """Every case of `folder`/*.yaml; a file that cannot be read gives a failed result in its place."""
    for path in sorted(folder.glob("*.yaml")):
        file = f"{folder.name}/{path.name}"
        source = read_yaml(path.read_text(encoding="utf-8"), file)
        try:
            content = CaseFile.model_validate_json(orjson.dumps(source.data))
        except ValidationError as error:
            yield CaseResult(file, "(file)", "; ".join(_said(each) for each in error.errors()))
            continue
        if source.faults:
            yield CaseResult(file, "(file)", "; ".join(map(str, source.faults)))
            continue
        yield from (WrittenCase(file, case, content.base) for case in content.cases)


def _said(error: Any) -> str:
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def _run(pack: Pack, case: Case, base: Mapping[str, object], file: str) -> CaseResult:
    if not pack.in_force(case.on):
        return CaseResult(file, case.name, f"{case.on} lies outside the version's time of force")
    seen: list[tuple[str, str]] = []
    try:
        failure = _answer(pack, case, {**base, **case.facts}, seen)
    except (Problem, UnknownMember, ValueError, TypeError) as error:
        details = [each.message.en for each in error.errors] if isinstance(error, Problem) else []
        failure = "; ".join([str(error), *details])
    return CaseResult(file, case.name, failure, tuple(seen))


def _answer(pack: Pack, case: Case, facts: Mapping[str, object], seen: list[tuple[str, str]]) -> str | None:
    if case.rule is not None:
        finding = pack.evaluate(case.rule, facts, case.determinations, on=case.on)
        seen.append((finding.rule, finding.outcome))
        return (
            _differs("outcome", case.outcome, finding.outcome)
            or _differs("value", case.value, finding.value)
            or _differs("remarks", case.remarks, len(finding.remarks))
        )
    if case.group is not None:
        findings = pack.evaluate_group(case.group, facts, case.determinations, on=case.on)
        found = {finding.rule: finding.outcome for finding in findings}
        seen.extend((rule, str(found[rule])) for rule in case.outcomes if rule in found)
        wrong = [_differs(rule, wanted, found.get(rule)) for rule, wanted in case.outcomes.items()]
        return next((each for each in wrong if each), None)
    if case.parameter is not None:
        figure = pack.parameter(case.parameter, case.on)
        stands = _differs("state", case.state, figure.state)
        return stands or (_differs("value", case.value, figure.value()) if case.value is not None else None)
    if case.probation is not None:
        asked = case.probation
        rows = pack.parameter(asked.table, case.on).rows()
        return _differs("value", case.value, longest_probation(rows, Term(asked.term, asked.start, asked.before)))
    if case.compensation is not None:
        return _found(case, case.compensation.asked, _compensation(pack, case.compensation))
    if case.tenure is not None:
        return _found(case, case.tenure.asked, _tenure(pack, case.on, case.tenure))
    if case.counter is not None:
        return _counted(pack, case, case.counter, seen)
    if case.member is not None:
        return _holds(case.member, case.holds, _member(pack, case.member))
    return _steps(pack, case)


def _compensation(pack: Pack, asked: CompensationCase) -> list[Finding]:
    known = {
        "average": asked.pay,
        "last": asked.pay,
        "minimum": asked.minimum_wage,
        "local_average": asked.average_wage,
    }
    missing = {name: Text(name, name) for name, value in known.items() if value is None}
    wages = Wages(**{name: Decimal(value) if value else None for name, value in known.items()}, missing=missing)
    ended = Ended(
        asked.relation,
        asked.ground,
        asked.worked_from,
        asked.last_day,
        refused_renewal=asked.refused_renewal,
        instead_of_notice=asked.instead_of_notice,
        if_unlawful=asked.if_unlawful,
    )
    return compensation_findings(pack, ended, wages)


def _tenure(pack: Pack, on: date, asked: TenureCase) -> list[Finding]:
    contracts = tuple(
        Concluded(each.kind, each.conclusion, each.start, each.before, each.concluded_on, each.reasoned)
        for each in asked.contracts
    )
    return tenure_findings(pack, on, Tenure(asked.relation, asked.worked_from, contracts))


def _found(case: Case, asked: str, findings: list[Finding]) -> str | None:
    """Outcome and value of the finding asked for; values are compared as they are told."""
    for finding in findings:
        if finding.rule == asked:
            return _differs("outcome", case.outcome, finding.outcome) or _differs(
                "value", case.value, plain(finding.value)
            )
    return f"there is no finding {asked!r}"


def _counted(pack: Pack, case: Case, name: str, seen: list[tuple[str, str]]) -> str | None:
    grades: dict[int, str | None] = {int(year): grade for year, grade in case.grades.items()}
    for _, _, finding in counter_findings(pack, "grade", grades, max(grades)):
        if finding.rule == name:
            seen.append((name, finding.outcome))
            return _differs("outcome", case.outcome, finding.outcome) or _differs("value", case.value, finding.value)
    raise UnknownMember(f"pack {pack.id} has no counter {name}")


def _member(pack: Pack, name: str) -> object:
    """The member of a reference as the pack's JSON says it, what it leaves out with its default."""
    kind, _, member = name.partition(":")
    if kind in ("pack", "calendar"):
        found = getattr(pack.document, kind)
    else:
        found = getattr(pack.document, SECTION_OF.get(kind, f"{kind}s"), {}).get(member)
    if found is None:
        raise UnknownMember(f"pack {pack.id} has no {name}")
    return found.model_dump(mode="json")


def _holds(path: str, wanted: object, found: object) -> str | None:
    """Where what is written differs from what is found; None where it holds."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        differing = (_holds(f"{path}.{key}", each, found.get(key)) for key, each in wanted.items())
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        differing = (_holds(f"{path}[{index}]", *pair) for index, pair in pairs)
    else:
        return None if wanted == found and type(wanted) is type(found) else f"{path} is {found!r}, not {wanted!r}"
    return next((each for each in differing if each is not None), None)


def _steps(pack: Pack, case: Case) -> str | None:
    """Order and kind of steps: `id:kind:department@level` or `id:kind:=parameter` (workflow), `id` (procedure)."""
    if case.workflow is not None:
        workflow = pack.workflow(case.workflow)
        found = [f"{each.id}:{each.kind}:{_office(each.by)}" for each in (workflow.steps if workflow else [])]
    else:
        procedure = pack.procedure(str(case.procedure))
        found = [each.id for each in (procedure.steps if procedure else [])]
    return _differs("steps", case.steps, found)


def _office(by: Office | BoundOffice) -> str:
    return f"={by.parameter}" if isinstance(by, BoundOffice) else f"{by.department}@{by.level}"


def _differs(what: str, wanted: object, found: object) -> str | None:
    if wanted is None or wanted == found:
        return None
    return f"{what} should be {wanted!r}, is {found!r}"


def _one_sided(pack: Pack, seen: set[tuple[str, str]], folder: str) -> Iterator[CaseResult]:
    """A condition of this pack that its cases show on one side only is not proved."""
    own, document = pack.lineage[-1].id, pack.document
    sides = [(name, rule.outcome_of(holds)) for name, rule in document.rules.items() for holds in (True, False)]
    sides = [side for side in sides if document.rules[side[0]].kind != "judgement"]
    sides += [(name, outcome) for name in document.counters for outcome in ("met", "not_met")]
    for name, wanted in sides:
        if (name, wanted) not in seen:
            yield CaseResult(folder, name, f"pack {own}: no case shows this giving {wanted!r}; add one")
