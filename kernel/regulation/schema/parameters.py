"""A figure of the regulation, or the reason why there is none: silence is never zero."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kernel.regulation.schema.base import Basis, Label, Model, Sentence, Word
from kernel.regulation.schema.organisation import LevelCode

ParameterKind = Literal["int", "decimal", "bool", "text", "date", "texts", "integers", "rows"]
Tightening = Literal["min", "max", "none"]
Row = dict[Word, int | bool | str]
ParameterValue = bool | int | str | list[int] | list[str] | list[Row]
STATES = ("value", "dated", "absent", "deferred", "national", "unresolved")


class DatedValue(Model):
    """A value in force from a day."""

    valid_from: date
    value: ParameterValue
    source: Sentence | None = None


class Setter(Model):
    """The department and the level of the unit that may set a figure locally, for itself and the units below (P7).

    `workflow`: the approval by which it does, where the text has others take part (会同); without it two people of that
    office set the figure.
    """

    department: Word
    level: LevelCode
    workflow: Word | None = None


class Parameter(Basis):
    """One field: exactly one of a value, dated values, `absent`, `deferred`, `national` or `unresolved`.

    `tightening` says which way a lower layer may go: `max` is a ceiling (lower tightens), `min` a floor
    (higher tightens), `none` may only be filled in. Decimals are written as text, so that they are never
    binary fractions. `set_by` is who may set the figure locally; `source` names the document of a value that is not
    in this text.
    """

    kind: ParameterKind
    label: Label
    unit: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] | None = None
    tightening: Tightening = "none"
    value: ParameterValue | None = None
    dated: list[DatedValue] = Field(default_factory=list)
    absent: Literal[True] | None = None
    deferred: Word | None = None
    national: Sentence | None = None
    unresolved: Sentence | None = None
    set_by: Setter | None = None
    source: Sentence | None = None
    minimum: int | None = None
    maximum: int | None = None
    reading: Label | None = None
    suggestion: Label | None = None

    def must_cite(self) -> bool:
        """Silence and a reference to statute have no words of this regulation to quote."""
        spoken = (self.value, self.dated or None, self.deferred, self.unresolved)
        return any(each is not None for each in spoken)

    def state(self) -> str:
        """Which of the six the field is."""
        return next(state for state in STATES if getattr(self, state) not in (None, []))

    @model_validator(mode="after")
    def is_one_thing(self) -> Self:
        """Exactly one state, with values of the declared kind."""
        states = [state for state in STATES if getattr(self, state) not in (None, [])]
        if len(states) != 1:
            raise ValueError(f"give exactly one of {', '.join(STATES)}; found {', '.join(states) or 'none'}")
        values = [self.value] if self.value is not None else [each.value for each in self.dated]
        for value in values:
            if not fits(self.kind, value):
                raise ValueError(f"the value {value!r} is not of kind {self.kind!r}")
        days = [each.valid_from for each in self.dated]
        if sorted(set(days)) != days:
            raise ValueError("dated values must stand in order of valid_from, one for each day")
        if self.tightening != "none" and self.kind not in ("int", "decimal"):
            raise ValueError("only a number can be tightened; remove `tightening`")
        if self.set_by is not None and self.article is None and self.ours is None:
            raise ValueError("`set_by` needs the `article` that leaves the figure open, or `ours` with the reason")
        return self


def fits(kind: ParameterKind, value: ParameterValue) -> bool:
    """Whether a written value is of the kind."""
    match kind, value:
        case ("bool", bool()) | ("text", str()):
            return True
        case "int", int():
            return not isinstance(value, bool)
        case "decimal", str():
            try:
                return Decimal(value).is_finite()
            except InvalidOperation:
                return False
        case "date", str():
            try:
                return bool(date.fromisoformat(value))
            except ValueError:
                return False
        case (("texts" | "integers" | "rows"), list()):
            wanted = {"texts": str, "integers": int, "rows": dict}[kind]
            return all(isinstance(item, wanted) and not isinstance(item, bool) for item in value)
    return False
