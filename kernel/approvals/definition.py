"""Workflow definitions as the pack writes them (A1): ordered steps, each with kind, office, article and
words.

`WorkflowDefinition.load` refuses what the machine cannot run, so that no case ever starts on such a
definition; `dump` gives the form that is pinned in the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast, get_args

from kernel.calendar import WorkingCalendar, add_working_days

StepKind = Literal[
    "approve",
    "review",
    "fix",
    "joint",
    "countersign",
    "file",
    "guide",
    "recommend",
    "publicize",
    "determine",
    "notify",
]
"""批准, 审核, 核定, 会同, 会签, 备案, 指导, 推荐, 公示, 认定, 告知."""
SignMode = Literal["all", "any", "ratio", "in_order"]
"""Of a countersign (会签): every signer, one of them, a share of them, every one in the order written."""
DayUnit = Literal["calendar", "working"]

STEP_KINDS: tuple[str, ...] = get_args(StepKind)
OPTIONAL_BLOCK: frozenset[str] = frozenset({"file"})
"""Kinds that the pack may let the case pass by; of the others all but guidance always hold it until done."""
NEVER_BLOCK: frozenset[str] = frozenset({"guide", "notify"})
"""Guidance is recorded and holds nothing: who is guided decides. A notice asks for nothing at all."""
SIGNED: frozenset[str] = frozenset({"joint", "countersign"})
"""Kinds at which several offices have their say."""


WHOLE = 10_000
"""All of something, in basis points."""


class DefinitionRefused(ValueError):
    """A workflow that the machine cannot run; the message names the workflow, the member and the mend."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days; the day on which it begins is not counted (Civil Code art. 201), its last day is."""

    count: int
    unit: DayUnit

    def last_day(self, start: date, calendar: WorkingCalendar) -> date:
        """The last day of the span; raises `CalendarMissing` where working days reach a year without data."""
        if self.unit == "working":
            return add_working_days(start, self.count, calendar)
        return start + timedelta(days=self.count)


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts: a kind of department at a level, relative to the unit of the case's subject."""

    department: str
    level: str


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One step. `due` is the time to act, `period` the days of a publicity (公示).

    `by` leads a joint step and is the first signer of a countersign; `partners` take part beside it. `mode` says how
    many signers a countersign needs, `ratio` in basis points with mode ratio. `figures` are the numbers that a `fix`
    step sets.
    """

    id: str
    kind: StepKind
    by: Office
    article: str | None = None
    words: str | None = None
    due: Span | None = None
    period: Span | None = None
    blocks: bool = True
    partners: tuple[Office, ...] = ()
    mode: SignMode | None = None
    ratio: int | None = None
    figures: tuple[str, ...] = ()

    @property
    def signers(self) -> tuple[Office, ...]:
        """The offices whose signature is asked for, in the order of their asking."""
        return (self.by, *self.partners) if self.kind == "countersign" else self.partners


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    """A named, versioned list of steps."""

    name: str
    version: int
    steps: tuple[StepDefinition, ...]

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "WorkflowDefinition":
        """Read the pack's form `{name, version, steps: [{id, kind, by: {department, level}, …}]}`.

        Raises `DefinitionRefused` for an unknown kind or unit, a missing member, a step named twice, no
        steps, a `period` outside publicize, `blocks: false` on a step that must hold the case, partners of a step
        of one office or a joint one without, and a countersign without its mode.
        """
        name = _member(data, "name", "workflow", str)
        steps = tuple(_step(name, step) for step in _member(data, "steps", name, list))
        if not steps:
            raise DefinitionRefused(f"workflow {name}: steps is empty; name at least one step")
        ids = [step.id for step in steps]
        if len(set(ids)) != len(ids):
            raise DefinitionRefused(f"workflow {name}: two steps have the same id; give each its own")
        return cls(name, _count(data.get("version", 1), f"workflow {name}: version"), steps)

    def dump(self) -> dict[str, Any]:
        """The form that `load` reads, as JSON values."""
        return {
            "name": self.name,
            "version": self.version,
            "steps": [
                {
                    "id": step.id,
                    "kind": step.kind,
                    "by": _dump_office(step.by),
                    "article": step.article,
                    "words": step.words,
                    "due": _dump_span(step.due),
                    "period": _dump_span(step.period),
                    "blocks": step.blocks,
                    "partners": [_dump_office(each) for each in step.partners],
                    "mode": step.mode,
                    "ratio": step.ratio,
                    "figures": list(step.figures),
                }
                for step in self.steps
            ],
        }


def _step(workflow: str, data: Any) -> StepDefinition:
    if not isinstance(data, Mapping):
        raise DefinitionRefused(f"workflow {workflow}: a step is not a mapping")
    step_id = _member(data, "id", f"workflow {workflow}, a step", str)
    where = f"workflow {workflow}, step {step_id}"
    kind = _member(data, "kind", where, str)
    if kind not in STEP_KINDS:
        raise DefinitionRefused(f"{where}: unknown kind {kind}; use one of {', '.join(STEP_KINDS)}")
    blocks = data.get("blocks")
    step = StepDefinition(
        id=step_id,
        kind=cast(StepKind, kind),
        by=_office(_member(data, "by", where, Mapping), where),
        article=data.get("article"),
        words=data.get("words"),
        due=_span(data.get("due"), where),
        period=_span(data.get("period"), where),
        # Filing does not block unless the pack says so (A2).
        blocks=kind not in OPTIONAL_BLOCK | NEVER_BLOCK if blocks is None else bool(blocks),
        partners=tuple(_office(each, where) for each in data.get("partners") or ()),
        mode=data.get("mode"),
        ratio=data.get("ratio"),
        figures=tuple(data.get("figures") or ()),
    )
    if step.blocks and step.kind in NEVER_BLOCK:
        raise DefinitionRefused(f"{where}: a step of kind {step.kind} never blocks; write blocks: false")
    if not step.blocks and step.kind not in OPTIONAL_BLOCK | NEVER_BLOCK:
        raise DefinitionRefused(f"{where}: a step of kind {step.kind} always blocks; leave out blocks: false")
    if step.period is not None and step.kind != "publicize":
        raise DefinitionRefused(f"{where}: only publicize has a period; use due for the time to act")
    _check_signers(step, where)
    return step


def _check_signers(step: StepDefinition, where: str) -> None:
    if bool(step.partners) != (step.kind in SIGNED):
        raise DefinitionRefused(f"{where}: partners belong to joint and countersign, which need them")
    if len(set(step.signers)) != len(step.signers):
        raise DefinitionRefused(f"{where}: an office signs once; name each but once")
    if (step.kind == "countersign") != (step.mode in get_args(SignMode)):
        modes = ", ".join(get_args(SignMode))
        raise DefinitionRefused(f"{where}: a countersign, and no other kind, has a mode: {modes}")
    if (step.mode == "ratio") != (isinstance(step.ratio, int) and 1 <= step.ratio <= WHOLE):
        raise DefinitionRefused(f"{where}: mode ratio, and no other, has a ratio from 1 to {WHOLE} basis points")
    if bool(step.figures) != (step.kind == "fix"):
        raise DefinitionRefused(f"{where}: figures belong to fix, which names at least one")


def _office(data: Any, where: str) -> Office:
    if not isinstance(data, Mapping):
        raise DefinitionRefused(f"{where}: an office is a mapping of department and level")
    return Office(_member(data, "department", where, str), _member(data, "level", where, str))


def _dump_office(office: Office) -> dict[str, str]:
    return {"department": office.department, "level": office.level}


def _span(data: Any, where: str) -> Span | None:
    if data is None:
        return None
    if not isinstance(data, Mapping) or data.get("unit") not in get_args(DayUnit):
        raise DefinitionRefused(f"{where}: a time is {{count, unit}} with unit calendar or working")
    return Span(_count(data.get("count"), f"{where}: count"), cast(DayUnit, data["unit"]))


def _dump_span(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"count": span.count, "unit": span.unit}


def _count(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise DefinitionRefused(f"{where} must be a whole number from 1")
    return value


def _member(data: Mapping[str, Any], name: str, where: str, kind: type) -> Any:
    value = data.get(name)
    if not isinstance(value, kind) or value == "":
        raise DefinitionRefused(f"{where}: {name} is missing or of the wrong type")
    return value
