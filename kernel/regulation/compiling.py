"""Rules of a pack made ready once: their conditions compiled, with the relaxations that may lift them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Text
from kernel.regulation.expression import Expression, FactKind, FactType
from kernel.regulation.schema import PackDocument, Relaxation, Rule

EFFECTIVE = "pack.effective"  # the date of force, readable by `uses` like a parameter


@dataclass(frozen=True, slots=True)
class CompiledRelaxation:
    """A relaxation with its condition and, by rule, its bound."""

    relaxation: Relaxation
    condition: Expression
    bounds: Mapping[str, Expression]

    def facts(self, rule_id: str) -> frozenset[str]:
        """Facts that grounds and bound of that rule read."""
        return (self.condition.names | self.bounds[rule_id].names) - self.relaxation.uses.keys()


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its expressions and the relaxations that may lift it."""

    id: str
    rule: Rule
    condition: Expression | None
    doubt: Expression | None
    value: Expression | None
    remarks: tuple[tuple[Expression, Text], ...]
    relaxations: tuple[CompiledRelaxation, ...]
    own_facts: frozenset[str]
    """Facts that the rule's own expressions read."""
    facts: frozenset[str]
    """Those, and what its relaxations read."""


READABLE: Mapping[str, FactKind] = {
    "int": "int",
    "bool": "bool",
    "text": "text",
    "date": "date",
    "texts": "texts",
    "integers": "integers",
}  # money and tables stay outside conditions


def use_type(document: PackDocument, path: str) -> FactType | None:
    """The type under which a parameter is read in a condition, or None where it cannot be."""
    if path == EFFECTIVE:
        return FactType("date")
    parameter = document.parameters.get(path)
    kind = READABLE.get(parameter.kind) if parameter else None
    return None if kind is None else FactType(kind)


def scope(document: PackDocument, uses: Mapping[str, str]) -> dict[str, FactType]:
    """Everything a condition may read: the pack's facts and the parameters it names."""
    known = {name: fact.type() for name, fact in document.facts.items()}
    for name, path in uses.items():
        kind = use_type(document, path)
        if kind is not None:
            known[name] = kind
    return known


def compile_rule(document: PackDocument, rule_id: str) -> CompiledRule:
    """Compile one rule with its relaxations; raises `ExpressionRefused` (a checked pack never does)."""
    rule = document.rules[rule_id]
    known = scope(document, rule.uses)
    condition = Expression(rule.condition, known) if rule.condition else None
    doubt = Expression(rule.doubt, known) if rule.doubt else None
    value = Expression(rule.value, known) if rule.value else None
    remarks = tuple((Expression(each.when, known), each.message.text()) for each in rule.remarks)
    relaxations = tuple(_compile_relaxation(document, each) for each in rule.relaxable_by)
    expressions = [each for each in (condition, doubt, value, *(when for when, _ in remarks)) if each]
    own = frozenset().union(*(each.names for each in expressions)) - rule.uses.keys()
    lifted = [lift.facts(rule_id) | {lift.relaxation.decision} for lift in relaxations]
    return CompiledRule(rule_id, rule, condition, doubt, value, remarks, relaxations, own, own.union(*lifted))


def _compile_relaxation(document: PackDocument, relaxation_id: str) -> CompiledRelaxation:
    relaxation = document.relaxations[relaxation_id]
    known = scope(document, relaxation.uses)
    bounds = {rule: Expression(source, known) for rule, source in relaxation.bounds.items()}
    return CompiledRelaxation(relaxation, Expression(relaxation.condition, known), bounds)
