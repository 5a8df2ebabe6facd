"""Layers of regulation: a lower one fills in or tightens what stands above it, and never weakens it.

Names (levels, departments) are no norms and may be replaced; everything else that is already fixed above
stays, and an attempt to loosen it names both lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.regulation.faults import Fault
from kernel.regulation.reading import Source
from kernel.regulation.schema import (
    CalendarSection,
    Due,
    Grant,
    PackDocument,
    Parameter,
    WorkflowDefinition,
    WorkflowStep,
)

FIXED = (
    "facts",
    "rules",
    "relaxations",
    "counters",
    "procedures",
    "lists",
    "categories",
    "relations",
    "roles",
    "articles",
)
NAMES = ("levels", "departments")
SILENT = ("absent", "deferred", "national", "unresolved")
Origins = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Layered:
    """A document with everything it inherits, and where each member was written ("file:line")."""

    document: PackDocument
    origins: Origins


def origins_of(document: PackDocument, source: Source) -> dict[tuple[str, str], str]:
    """The place of every member of every section."""
    found: dict[tuple[str, str], str] = {}
    for section in source.data:
        members = source.data[section]
        for member in members if isinstance(members, dict) else ():
            file, line = source.place((section, member))
            found[section, member] = f"{file}:{line}"
    return found


def lay(above: Layered, below: PackDocument, source: Source) -> tuple[Layered, list[Fault]]:
    """The lower document on the upper one, with the faults of what it may not change."""
    merge = _Merge(above, source)
    sections: dict[str, Any] = {"language": below.language, "pack": below.pack}
    for section in NAMES:
        sections[section] = {**getattr(above.document, section), **getattr(below, section)}
    for section in FIXED:
        sections[section] = merge.fixed(section, getattr(above.document, section), getattr(below, section))
    sections["parameters"] = merge.parameters(below)
    sections["workflows"] = merge.workflows(below)
    sections["permissions"] = merge.permissions(below)
    sections["calendar"] = _calendar(above.document.calendar, below.calendar)
    document = PackDocument.model_construct(**sections)
    return Layered(document, {**above.origins, **origins_of(below, source)}), merge.faults


class _Merge:
    def __init__(self, above: Layered, source: Source) -> None:
        self.above = above
        self.source = source
        self.faults: list[Fault] = []

    def fault(self, section: str, member: str, zh: str, en: str) -> None:
        upper = self.above.origins.get((section, member), "the layer above")
        self.faults.append(
            self.source.fault((section, member), f"{zh}（上层见 {upper}）", f"{en} (the layer above: {upper})")
        )

    def fixed(self, section: str, above: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
        for member in sorted(set(above) & set(below)):
            if above[member] != below[member]:
                self.fault(
                    section,
                    member,
                    "上层已定，不得改写",
                    "already fixed above; add another member or remove this one",
                )
        return {**below, **above}

    def parameters(self, below: PackDocument) -> dict[str, Parameter]:
        merged = dict(self.above.document.parameters)
        for path, lower in below.parameters.items():
            upper = merged.get(path)
            if upper is None:
                merged[path] = lower
            elif self.may_stand(path, upper, lower, below.pack.layer) and self.keeps_bounds(path, upper, lower):
                merged[path] = _bounded(upper, lower)
        return merged

    def keeps_bounds(self, path: str, upper: Parameter, lower: Parameter) -> bool:
        """Bounds written above for whoever fills the figure in are narrowed below, never widened."""
        low = upper.minimum is not None and lower.minimum is not None and lower.minimum < upper.minimum
        high = upper.maximum is not None and lower.maximum is not None and lower.maximum > upper.maximum
        if low or high:
            self.fault(
                "parameters",
                path,
                f"不得放宽上层界限（{upper.minimum} 至 {upper.maximum}）",
                f"widens the bounds above ({upper.minimum} to {upper.maximum}); narrow them or leave them out",
            )
        return not (low or high)

    def may_stand(self, path: str, upper: Parameter, lower: Parameter, layer: str) -> bool:
        """Whether the lower field replaces the upper one; a silent lower field leaves a figure above in force."""
        if lower.kind != upper.kind:
            self.fault("parameters", path, f"类型应为 {upper.kind}", f"must be of kind {upper.kind!r}")
            return False
        if upper.state() not in SILENT:
            if lower.state() in SILENT:
                return False
            return self.tightens(path, upper, lower)
        if lower.absent and not upper.absent:
            return False  # what is owed above is not regulated away by silence below
        if upper.deferred and lower.state() not in SILENT and layer != upper.deferred:
            self.fault(
                "parameters",
                path,
                f"应由 {upper.deferred} 一级制定",
                f"is left to the level {upper.deferred!r}, not {layer!r}",
            )
            return False
        return self.within(path, upper, lower)

    def within(self, path: str, upper: Parameter, lower: Parameter) -> bool:
        """A figure filled in below stays inside the bounds written above, on every day that it is dated."""
        low, high = upper.minimum, upper.maximum
        values = [lower.value] if lower.value is not None else [each.value for each in lower.dated]
        numbers = [Decimal(str(value)) for value in values] if lower.kind in ("int", "decimal") else []
        if any((low is not None and each < low) or (high is not None and each > high) for each in numbers):
            self.fault("parameters", path, f"应在 {low} 与 {high} 之间", f"must lie between {low} and {high}")
            return False
        return True

    def tightens(self, path: str, upper: Parameter, lower: Parameter) -> bool:
        if (upper.value, upper.dated) == (lower.value, lower.dated):
            return True
        if upper.tightening == "none" or upper.value is None or lower.value is None:
            self.fault(
                "parameters",
                path,
                "上层已定，只可填补空白",
                "already fixed above, and only what is open may be filled in",
            )
            return False
        above, below = Decimal(str(upper.value)), Decimal(str(lower.value))
        if (below > above) if upper.tightening == "max" else (below < above):
            bound = {"max": ("上限", "ceiling"), "min": ("下限", "floor")}[upper.tightening]
            self.fault(
                "parameters",
                path,
                f"{below} 放宽了上层{bound[0]} {above}，下层只可收紧",
                f"{below} weakens the {bound[1]} {above}; a lower layer may only tighten",
            )
            return False
        if lower.tightening != upper.tightening:
            self.fault("parameters", path, "收紧方向须与上层一致", f"must keep tightening {upper.tightening!r}")
            return False
        return True

    def workflows(self, below: PackDocument) -> dict[str, WorkflowDefinition]:
        merged = dict(self.above.document.workflows)
        for name, lower in below.workflows.items():
            upper = merged.get(name)
            if upper is not None and upper.unbound is None and not _keeps_steps(upper, lower):
                self.fault(
                    "workflows",
                    name,
                    "不得减少或放宽上层步骤",
                    "drops, reorders or loosens a step that is fixed above; keep them all",
                )
                continue
            merged[name] = lower
        return merged

    def permissions(self, below: PackDocument) -> dict[str, list[Grant]]:
        merged = dict(self.above.document.permissions)
        for name, grants in below.permissions.items():
            if name in merged and not _seats(grants) <= _seats(merged[name]):
                self.fault(
                    "permissions",
                    name,
                    "不得扩大上层授权",
                    "grants more than the layer above allows; narrow it",
                )
                continue
            merged[name] = grants
        return merged


def _bounded(upper: Parameter, lower: Parameter) -> Parameter:
    """The lower field with the bounds and the setter that it leaves out."""
    kept = {name: getattr(upper, name) for name in ("minimum", "maximum", "set_by") if getattr(lower, name) is None}
    return lower.model_copy(update={name: value for name, value in kept.items() if value is not None})


def _keeps_steps(upper: WorkflowDefinition, lower: WorkflowDefinition) -> bool:
    """Every upper step stands below, in its order, acted on by the same office and blocking no less."""
    if not set(lower.subject_levels) >= set(upper.subject_levels):
        return False
    rest = iter(lower.steps)
    return all(any(_no_looser(step, kept) for kept in rest) for step in upper.steps)


def _no_looser(step: WorkflowStep, kept: WorkflowStep) -> bool:
    """The same step: it blocks no less, asks no fewer partners, is public no shorter and due no later."""
    same = (step.kind, step.by, step.mode) == (kept.kind, kept.by, kept.mode)
    asked = all(each in kept.partners for each in step.partners) and (kept.ratio or 0) >= (step.ratio or 0)
    return (
        same
        and asked
        and kept.blocks >= step.blocks
        and _time(step.period, kept.period, 1)
        and _time(step.due, kept.due, -1)
    )


def _time(above: Due | None, below: Due | None, sign: int) -> bool:
    """A time that stands above is the same below, or longer (`sign` 1) or shorter (-1) in the same unit."""
    if above is None or above == below:
        return True
    if below is None or above.count is None or below.count is None or above.unit != below.unit:
        return False
    return sign * below.count >= sign * above.count


def _seats(grants: list[Grant]) -> set[tuple[str, str, str]]:
    return {
        (department, level, duty)
        for grant in grants
        for department in grant.departments
        for level in grant.levels
        for duty in grant.duties
    }


def _calendar(above: CalendarSection | None, below: CalendarSection | None) -> CalendarSection | None:
    if above is None or below is None:
        return below or above
    return CalendarSection(
        overlay_required=above.overlay_required or below.overlay_required,
        years={**above.years, **below.years},
        age_convention=(below if "age_convention" in below.model_fields_set else above).age_convention,
    )
