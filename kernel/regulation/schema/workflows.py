"""Approvals between agencies, and the ordered steps of a procedure, each with its article (requirements A1, A2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from kernel.errors import ParameterNotSet, Text
from kernel.regulation.schema.base import Basis, Id, Label, Model, Word

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
Duty = Literal["handler", "approver", "viewer"]
DayUnit = Literal["calendar", "working"]
SUBJECT = "subject"  # the level of the unit that the case is about
LOCAL_FIGURES = "local_figures"
"""Subject of a workflow by which an office sets figures (`set_by.workflow`)."""
StageKind = Literal[
    "plan",
    "notice",
    "sign_up",
    "review",
    "written_exam",
    "interview",
    "medical",
    "inspection",
    "vetting",
    "publicity",
    "decision",
    "contract",
    "self_assessment",
    "scoring",
    "survey",
    "confirmation",
    "filing",
]


class Due(Model):
    """A time: a number of days here, or the name of the case fact (from the plan or notice) that sets it."""

    count: Annotated[int, Field(ge=1, le=3_650)] | None = None
    fact: Word | None = None
    unit: DayUnit | None = None
    unit_fact: Word | None = None

    @model_validator(mode="after")
    def is_one_source(self) -> Self:
        """One source for the number, one for the unit."""
        if (self.count is None) == (self.fact is None) or (self.unit is None) == (self.unit_fact is None):
            raise ValueError("give `count` or `fact`, and `unit` or `unit_fact`")
        return self

    def of_case(self, facts: Mapping[str, object]) -> dict[str, int | str]:
        """The time as `{count, unit}` for one case; raises `ParameterNotSet` where plan or notice set none."""
        count = self.count if self.fact is None else facts.get(self.fact)
        unit = self.unit if self.unit_fact is None else facts.get(self.unit_fact)
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ParameterNotSet(
                Text(
                    f"尚未设定“{self.fact}”：规定未写天数，须由方案设定",
                    f"{self.fact!r} is not set: the plan must set it",
                )
            )
        if unit not in get_args(DayUnit):
            raise ParameterNotSet(
                Text(
                    f"尚未设定“{self.unit_fact}”（calendar 或 working）",
                    f"{self.unit_fact!r} must be calendar or working",
                )
            )
        return {"count": count, "unit": str(unit)}


class Office(Model):
    """A department at a level relative to the subject's unit: `subject` is that unit, else its ancestor there."""

    department: Word
    level: Word = SUBJECT


class BoundOffice(Model):
    """An office that stands in a document of its own: the parameter whose one row {department, level} names it."""

    parameter: Id


def _office_form(value: Any) -> str:
    named = value.get("parameter") if isinstance(value, Mapping) else getattr(value, "parameter", None)
    return "office" if named is None else "bound"


ActingOffice = Annotated[
    Annotated[Office, Tag("office")] | Annotated[BoundOffice, Tag("bound")], Discriminator(_office_form)
]
OfficeRows = Callable[[str], Sequence[Mapping[str, object]]]
"""Reads the rows of a parameter by its path; raises `ParameterNotSet` where it has no value."""


class WorkflowStep(Basis):
    """One step. `blocks` says whether the case waits for it: filing need not, guidance never does.

    `period` is how long a `publicize` step lasts; `due` is when a step ought to be done. `partners` take part
    in `joint` and `countersign`; the `mode` of the latter says how many of them must agree (`ratio` in basis points).
    `figures` names the numbers that a `fix` step sets, or `figures_fact` the case fact that lists their names.
    """

    id: Word
    kind: StepKind
    label: Label
    by: ActingOffice
    partners: list[Office] = Field(default_factory=list)
    mode: Literal["all", "any", "ratio", "in_order"] | None = None
    ratio: Annotated[int, Field(ge=1, le=10_000)] | None = None
    figures: list[Word] = Field(default_factory=list)
    figures_fact: Word | None = None
    due: Due | None = None
    period: Due | None = None
    blocks: bool
    reading: Label | None = None

    @model_validator(mode="after")
    def has_what_its_kind_needs(self) -> Self:
        """Publicity needs a period; a countersign its mode; a joint step its partners."""
        if (self.kind == "publicize") != (self.period is not None):
            raise ValueError("`period` belongs to a publicize step, and every publicize step needs one")
        if (self.kind == "countersign") != (self.mode is not None) or (self.mode == "ratio") != (
            self.ratio is not None
        ):
            raise ValueError("a countersign step needs `mode` (and `ratio` only with mode ratio)")
        if self.kind in ("guide", "notify") and self.blocks:
            raise ValueError("neither guidance nor a notice ever blocks; write `blocks: false`")
        if bool(self.figures) + (self.figures_fact is not None) != (self.kind == "fix"):
            raise ValueError("`figures` or `figures_fact` belong to a fix step, which has one of them")
        if bool(self.partners) != (self.kind in ("joint", "countersign")):
            raise ValueError("`partners` belong to joint and countersign steps, which need them")
        return self

    def of_case(
        self, subject_level: str, facts: Mapping[str, object], rows_of: OfficeRows | None = None
    ) -> dict[str, Any]:
        """The step for one case, with its office, level and times resolved."""
        by = self.by if isinstance(self.by, Office) else _bound(self.by, rows_of)
        form: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "by": {"department": by.department, "level": _level(by, subject_level)},
            "article": self.article,
            "words": self.words,
            "due": self.due and self.due.of_case(facts),
            "period": self.period and self.period.of_case(facts),
            "blocks": self.blocks,
        }
        if self.partners:
            form["partners"] = [
                {"department": each.department, "level": _level(each, subject_level)} for each in self.partners
            ]
            form["mode"], form["ratio"] = self.mode, self.ratio
        if self.kind == "fix":
            form["figures"] = self.figures or self._named(facts)
        return form

    def _named(self, facts: Mapping[str, object]) -> list[str]:
        """The figures that the case itself names; raises `ParameterNotSet` where it names none."""
        names = facts.get(str(self.figures_fact))
        if not isinstance(names, list) or not names or not all(isinstance(each, str) for each in names):
            raise ParameterNotSet(
                Text(f"尚未列出要核定的各项“{self.figures_fact}”", f"{self.figures_fact!r} lists no figures to fix"),
                article=self.article,
            )
        return names


def _bound(by: BoundOffice, rows_of: OfficeRows | None) -> Office:
    if rows_of is None:
        raise ParameterNotSet(
            Text("承办部门由本地参数指定，尚未设定", "The acting office is a local parameter that nobody set."),
            cause=f"no reader for the parameter {by.parameter}",
        )
    (row,) = rows_of(by.parameter)
    return Office.model_validate(dict(row))


def _level(office: Office, subject_level: str) -> str:
    return subject_level if office.level == SUBJECT else office.level


class WorkflowDefinition(Basis):
    """An ordered list of steps on one kind of subject; `subject_levels` are the units the text writes it for.

    Where a unit's level is not listed the text asks for no such case. `unbound` names the document a workflow
    waits for: such a workflow does not start.
    """

    label: Label
    subject: Word
    subject_levels: list[Word] = Field(min_length=1)
    steps: list[WorkflowStep] = Field(default_factory=list)
    unbound: Label | None = None
    reading: Label | None = None

    @model_validator(mode="after")
    def has_distinct_steps(self) -> Self:
        """Steps or the reason why there are none yet; no step twice."""
        names = [step.id for step in self.steps]
        if len(set(names)) != len(names):
            raise ValueError("two steps have the same id")
        if bool(self.steps) == (self.unbound is not None):
            raise ValueError("give `steps`, or `unbound` with the document that is missing")
        return self

    def covers(self, level: str) -> bool:
        """Whether the text writes this workflow for a subject at that level."""
        return level in self.subject_levels

    def for_case(
        self, name: str, subject_level: str, facts: Mapping[str, object], rows_of: OfficeRows | None = None
    ) -> dict[str, Any]:
        """The definition of one case, as `kernel.approvals.definition.WorkflowDefinition.load` reads it.

        `subject` becomes the level of the case's unit, times that plan or notice set are filled in from
        `facts`, offices that a parameter names from `rows_of`. Raises `ParameterNotSet` for a workflow that waits for
        a document, or a time or an office that nobody set.
        """
        if self.unbound is not None:
            raise ParameterNotSet(self.unbound.text(), article=self.article)
        return {
            "name": name,
            "version": 1,
            "steps": [step.of_case(subject_level, facts, rows_of) for step in self.steps],
        }


class ProcedureStep(Basis):
    """One step of a procedure; `selection` marks the stages through which candidates pass after review.

    `by` names the offices that act in it, at explicit levels; `optional` marks a step that a local method may leave
    out.
    """

    id: Word
    kinds: list[StageKind] = Field(min_length=1)
    label: Label
    selection: bool = False
    by: list[Office] = Field(default_factory=list)
    optional: bool = False


class Procedure(Basis):
    """An ordered procedure and the levels of the units that may run it."""

    label: Label
    runner_levels: list[Word] = Field(min_length=1)
    steps: list[ProcedureStep] = Field(min_length=1)
