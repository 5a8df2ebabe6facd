"""Facts, rules and relaxations: conditions in CEL with the words they rest on and the outcome they give."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kernel.regulation.expression import FactKind, FactType
from kernel.regulation.expression.limits import MAX_INTEGER
from kernel.regulation.schema.base import Basis, Id, Label, Model, Word

Outcome = Literal["met", "not_met", "needs_judgement", "relaxed", "not_regulated"]
RuleKind = Literal["hard", "soft", "judgement"]
Condition = Annotated[str, StringConstraints(min_length=1)]


class Fact(Model):
    """A fact that services can supply, with its type; rules may read no other."""

    kind: FactKind
    label: Label
    values: dict[Word, Label] = Field(default_factory=dict)
    minimum: int = -MAX_INTEGER
    maximum: int = MAX_INTEGER

    def type(self) -> FactType:
        """The type as expressions know it."""
        return FactType(self.kind, frozenset(self.values), self.minimum, self.maximum)


class Remark(Model):
    """A sentence shown with the finding when its condition holds (a boundary, a warning); it decides nothing."""

    when: Condition
    message: Label


class Rule(Basis):
    """One condition of the regulation.

    `hard` gives met or not_met; `soft` leaves what does not pass to a human; `judgement` is always a human's
    recorded determination. `doubt` names facts on which even a hard rule needs a human. `uses` binds names in
    the condition to parameters of the pack. `when_true`/`when_false` turn a condition around (a
    disqualification).
    """

    group: Word
    kind: RuleKind
    message: Label
    condition: Condition | None = None
    doubt: Condition | None = None
    value: Condition | None = None
    uses: dict[Word, Id] = Field(default_factory=dict)
    when_true: Outcome = "met"
    when_false: Outcome | None = None
    relaxable_by: list[Id] = Field(default_factory=list)
    remarks: list[Remark] = Field(default_factory=list)
    reading: Label | None = None

    @model_validator(mode="after")
    def kind_and_condition_agree(self) -> Self:
        """A program never infers a judgement (P8); everything else needs its condition."""
        if self.kind == "judgement" and (self.condition or self.doubt):
            raise ValueError("a judgement has no condition: a named official determines it; remove it or the kind")
        if self.kind != "judgement" and not self.condition:
            raise ValueError(f"a {self.kind} rule needs a `condition`")
        if self.kind != "judgement" and self.outcome_of(True) == self.outcome_of(False):
            raise ValueError("`when_true` and `when_false` give the same outcome; the condition decides nothing")
        return self

    def outcome_of(self, holds: bool) -> Outcome:
        """The outcome of the condition's truth value."""
        if holds:
            return self.when_true
        return self.when_false or ("needs_judgement" if self.kind == "soft" else "not_met")


class Relaxation(Basis):
    """When an organ may relax named rules: the grounds, then its own recorded decision, inside a bound.

    `decision` is a fact with the values none, granted, refused: grounds alone open the discretion, they do
    not use it. `bounds` gives, for each rule that may be relaxed, the limit that the plan or notice set.
    """

    message: Label
    condition: Condition
    decision: Word
    bounds: dict[Id, Condition]
    uses: dict[Word, Id] = Field(default_factory=dict)
    reading: Label | None = None
