"""Local parameters (P7): what an article leaves to an office, set by that office and laid over the pack.

A local figure fills in what is open or tightens what stands, within the bounds that the pack writes; the article
stays the pack's, the source is the office's own document.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.checking.references import office_problem
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Parameter
from kernel.regulation.schema.parameters import ParameterValue, Setter, fits
from kernel.regulation.schema.workflows import BoundOffice


@dataclass(frozen=True, slots=True)
class Seat:
    """The post that acts: its unit's number, department kind and level."""

    unit_no: int | None
    department: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A value that an office set for its unit and the units below, with the document it stands in."""

    path: str
    value: ParameterValue
    source: str


def setter_of(pack: Pack, path: str, *, within: str = "") -> Setter:
    """Who may set the figure locally.

    Raises `InvalidInput` for a path that no layer declares, and `RuleRefused`, with the article, for a figure that the
    regulation leaves to nobody. `within`: the pointer of what the figure stands in.
    """
    parameter = pack.document.parameters.get(path)
    if parameter is None:
        raise InvalidInput(
            errors=[FieldError(f"{within}/path", Text("管理办法中没有此参数", "the regulation has no such figure"))]
        )
    if parameter.set_by is None:
        raise RuleRefused(
            Text(f"“{parameter.label.zh}”不得由本地设定", f"{parameter.label.en} is not left to any office to set."),
            article=parameter.article,
        )
    return parameter.set_by


def office_name(pack: Pack, setter: Setter) -> Text:
    """What the regulation calls the office that sets a figure: level and department."""
    level, names = pack.document.levels[setter.level].name, pack.document.departments[setter.department].names
    return Text(f"{level.zh}{names[-1].name.zh}", f"{names[-1].name.en} ({level.en})")


def check_office(setter: Setter, seat: Seat, unit_no: int, unit_level: str, *, name: Text, article: str | None) -> None:
    """Raise `RuleRefused`, with the article, unless the post is of the very office that sets the figure, and its unit.

    `name` is what the regulation calls that office. Neither a superior nor another department stands in for it.
    """
    office = (setter.department, setter.level)
    if unit_level != setter.level or (seat.unit_no, seat.department, seat.level) != (unit_no, *office):
        raise RuleRefused(
            Text(f"该参数由{name.zh}为本单位设定", f"This figure is set by the {name.en}, each for its own unit."),
            article=article,
        )


def check_way(pack: Pack, path: str, workflow: str | None) -> None:
    """Raise `RuleRefused`, with the article, for a figure that is not set by that workflow (None: by two people of its
    office), naming the way in which it is."""
    setter, parameter = setter_of(pack, path), pack.parameter(path).parameter
    if setter.workflow == workflow:
        return
    if setter.workflow is None:
        way = Text("由设定部门提出、另一人审批", "by a proposal of its office, decided on by another person there")
    else:
        label = pack.document.workflows[setter.workflow].label
        way = Text(f"经“{label.zh}”（{setter.workflow}）流程", f"by the workflow {setter.workflow} ({label.en})")
    raise RuleRefused(
        Text(f"“{parameter.label.zh}”的设定应{way.zh}", f"{parameter.label.en} is set {way.en}."),
        article=parameter.article,
    )


def check_value(pack: Pack, path: str, value: ParameterValue, *, within: str = "") -> None:
    """Raise `InvalidInput`, naming field and article, for a value that the pack does not allow the figure to take."""
    parameter = pack.parameter(path).parameter
    problem = _problem(parameter, value) or (
        office_problem(pack.document, value) if _names_an_office(pack, path) else None
    )
    if problem is not None:
        raise InvalidInput(
            Text(f"“{parameter.label.zh}”的值不符合规定", f"{parameter.label.en}: the value is not allowed"),
            errors=[FieldError(f"{within}/value", problem, article=parameter.article)],
            article=parameter.article,
        )


def overlay(pack: Pack, values: Iterable[LocalValue]) -> Pack:
    """The pack with the values laid over; of two values of one path the later counts (nearest unit last).

    A value that this version of the pack leaves to nobody, or no longer allows, is passed by.
    """
    parameters = dict(pack.document.parameters)
    for local in values:
        open_figure = pack.document.parameters.get(local.path)
        if open_figure is None or open_figure.set_by is None:
            continue
        if _problem(open_figure, local.value) is None:
            parameters[local.path] = _set(open_figure, local)
    return pack.with_parameters(parameters)


def _set(parameter: Parameter, local: LocalValue) -> Parameter:
    states: dict[str, Any] = {"dated": [], "absent": None, "deferred": None, "national": None, "unresolved": None}
    return parameter.model_copy(update={**states, "value": local.value, "source": local.source})


def _problem(parameter: Parameter, value: ParameterValue) -> Text | None:
    return _kind_problem(parameter, value) or _bounds_problem(parameter, value) or _loosening(parameter, value)


def _kind_problem(parameter: Parameter, value: ParameterValue) -> Text | None:
    if not fits(parameter.kind, value):
        return Text(f"值的类型应为 {parameter.kind}", f"the value must be of kind {parameter.kind!r}")
    return None


def _bounds_problem(parameter: Parameter, value: ParameterValue) -> Text | None:
    low, high = parameter.minimum, parameter.maximum
    if parameter.kind not in ("int", "decimal") or (low is None and high is None):
        return None
    number = Decimal(str(value))
    if (low is not None and number < low) or (high is not None and number > high):
        if high is None:
            return Text(f"不得低于 {low}", f"must be at least {low}")
        if low is None:
            return Text(f"不得高于 {high}", f"must be at most {high}")
        return Text(f"应在 {low} 与 {high} 之间", f"must lie between {low} and {high}")
    return None


def _loosening(parameter: Parameter, value: ParameterValue) -> Text | None:
    """A figure that already stands may only be tightened."""
    if parameter.value is None and not parameter.dated:
        return None
    if parameter.tightening == "none" or parameter.value is None:
        return Text("办法已定，不得改写", "the regulation fixes this figure; it is not open")
    above, below = Decimal(str(parameter.value)), Decimal(str(value))
    if parameter.tightening == "max" and below > above:
        return Text(f"不得放宽上限 {above}，只可收紧", f"weakens the ceiling {above}; it may only be tightened")
    if parameter.tightening == "min" and below < above:
        return Text(f"不得放宽下限 {above}，只可收紧", f"weakens the floor {above}; it may only be tightened")
    return None


def _names_an_office(pack: Pack, path: str) -> bool:
    return any(
        isinstance(step.by, BoundOffice) and step.by.parameter == path
        for workflow in pack.document.workflows.values()
        for step in workflow.steps
    )
