"""Conditions: within the bounds, typed, true or false where they decide, and proved on generated facts."""

from collections.abc import Iterator, Mapping

from kernel.regulation.compiling import EFFECTIVE, scope, use_type
from kernel.regulation.evaluation import DECISIONS
from kernel.regulation.expression import Expression, ExpressionRefused, FactKind
from kernel.regulation.faults import Fault
from kernel.regulation.reading import Path_, Source
from kernel.regulation.schema import PackDocument, Relaxation, Rule


def condition_faults(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """Faults of the expressions of the pack's own rules and relaxations."""
    for name, rule in own.rules.items():
        yield from _rule(effective, name, rule, source)
    for name, relaxation in own.relaxations.items():
        yield from _relaxation(effective, name, relaxation, source)


def _rule(effective: PackDocument, name: str, rule: Rule, source: Source) -> Iterator[Fault]:
    path = ("rules", name)
    yield from _uses(effective, rule.uses, (*path, "uses"), source)
    for member in ("condition", "doubt", "value"):
        text = getattr(rule, member)
        if text is not None:
            wanted: FactKind | None = None if member == "value" else "bool"
            yield from _expression(effective, text, rule.uses, wanted, (*path, member), source)
    for index, remark in enumerate(rule.remarks):
        place = (*path, "remarks", index, "when")
        yield from _expression(effective, remark.when, rule.uses, "bool", place, source)
    for index, relaxation in enumerate(rule.relaxable_by):
        known = effective.relaxations.get(relaxation)
        if known is None or name not in known.bounds:
            yield source.fault(
                (*path, "relaxable_by", index),
                f"放宽条款“{relaxation}”未列出本规则",
                f"relaxation {relaxation!r} has no bound for this rule; add it under its `bounds`",
            )


def _relaxation(effective: PackDocument, name: str, lift: Relaxation, source: Source) -> Iterator[Fault]:
    path = ("relaxations", name)
    yield from _uses(effective, lift.uses, (*path, "uses"), source)
    yield from _expression(effective, lift.condition, lift.uses, "bool", (*path, "condition"), source)
    decision = effective.facts.get(lift.decision)
    if decision is None or set(decision.values) != DECISIONS:
        yield source.fault(
            (*path, "decision"),
            "须为取值 none、granted、refused 的事实",
            "must name a fact with the values none, granted, refused",
        )
    for rule, bound in lift.bounds.items():
        place = (*path, "bounds", rule)
        yield from _expression(effective, bound, lift.uses, "bool", place, source)
        if rule not in effective.rules or name not in effective.rules[rule].relaxable_by:
            yield source.fault(
                place,
                "该规则未写明可由此放宽",
                f"rule {rule!r} does not name this relaxation in `relaxable_by`",
            )


def _uses(effective: PackDocument, uses: Mapping[str, str], path: Path_, source: Source) -> Iterator[Fault]:
    for name, parameter in uses.items():
        if parameter != EFFECTIVE and use_type(effective, parameter) is None:
            yield source.fault(
                (*path, name),
                f"没有可用于条件的参数“{parameter}”",
                f"no parameter {parameter!r} that a condition can read; declare it (not decimal, not rows)",
            )
        if name in effective.facts:
            yield source.fault((*path, name), "与事实重名", f"{name!r} is the name of a fact; choose another")


def _expression(
    effective: PackDocument,
    text: str,
    uses: Mapping[str, str],
    wanted: FactKind | None,
    path: Path_,
    source: Source,
) -> Iterator[Fault]:
    known = scope(effective, uses)
    try:
        expression = Expression(text, known)
        expression.prove(known)
    except ExpressionRefused as refused:
        yield source.fault(path, refused.what.zh, refused.what.en)
        return
    if wanted is not None and expression.kind != wanted:
        yield source.fault(path, f"结果应为 {wanted}", f"gives {expression.kind}; a condition must be true or false")
