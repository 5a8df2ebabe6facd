"""Runs the rules of a pack over facts: outcome of the condition, then human determination, then relaxation.

Decisions stay with people where the text is soft or moral: such a rule answers `needs_judgement` until a
named official's determination is given for it (P8).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.expression import Expression, FactKind, Facts, FactType, prepare
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.schema import Outcome, PackDocument, Relaxation, Rule
from kernel.regulation.schema.base import article_order

Determination = Literal["met", "not_met"]
EFFECTIVE = "pack.effective"  # the date of force, readable by `uses` like a parameter
GRANTED, UNDECIDED = "granted", "none"  # a third value, refused, leaves the outcome as it is
DECISIONS = frozenset({"granted", "none", "refused"})


@dataclass(frozen=True, slots=True)
class CompiledRelaxation:
    """A relaxation with its condition and, by rule, its bound."""

    relaxation: Relaxation
    condition: Expression
    bounds: Mapping[str, Expression]


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
    facts: frozenset[str]


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
    names = {name for each in expressions for name in each.names} - set(rule.uses)
    for lift in relaxations:
        read = [lift.condition, lift.bounds[rule_id]]
        names |= {name for each in read for name in each.names} - set(lift.relaxation.uses)
        names.add(lift.relaxation.decision)
    return CompiledRule(rule_id, rule, condition, doubt, value, remarks, relaxations, frozenset(names))


def _compile_relaxation(document: PackDocument, relaxation_id: str) -> CompiledRelaxation:
    relaxation = document.relaxations[relaxation_id]
    known = scope(document, relaxation.uses)
    bounds = {rule: Expression(source, known) for rule, source in relaxation.bounds.items()}
    return CompiledRelaxation(relaxation, Expression(relaxation.condition, known), bounds)


def evaluate(
    document: PackDocument,
    rules: Iterable[CompiledRule],
    given: Mapping[str, object],
    determinations: Mapping[str, Determination],
    on: date | None = None,
) -> list[Finding]:
    """Findings of the rules in the order of the text; every fact that any of them reads must be supplied."""
    chosen = sorted(rules, key=lambda each: (article_order(each.rule.article), each.id))
    _only_open_to_people(chosen, determinations)
    names = sorted({name for each in chosen for name in each.facts})
    facts = prepare({name: document.facts[name].type() for name in names}, given)
    return [_Run(document, each, facts, determinations.get(each.id), on).finding() for each in chosen]


def _only_open_to_people(rules: list[CompiledRule], determinations: Mapping[str, Determination]) -> None:
    """A determination on a hard rule without doubt would overrule the text; it is refused."""
    closed = {each.id for each in rules if each.rule.kind == "hard" and each.doubt is None}
    errors = [
        FieldError(
            f"/determinations/{rule}",
            Text("此条不由人工认定", "this rule is not open to a determination"),
            rule,
        )
        for rule in determinations
        if rule in closed
    ]
    if errors:
        raise InvalidInput(Text("人工认定不适用", "a determination is not possible here"), errors=errors)


class _Run:
    """One rule over the prepared facts."""

    def __init__(
        self,
        document: PackDocument,
        compiled: CompiledRule,
        facts: Facts,
        determination: Determination | None,
        on: date | None,
    ) -> None:
        self.on = on
        self.document = document
        self.compiled = compiled
        self.rule = compiled.rule
        self.determination = determination
        self.facts = facts
        self.used: dict[str, object] = {name: facts.values[name] for name in sorted(compiled.facts)}

    def finding(self) -> Finding:
        facts = self._with_parameters(self.rule.uses)
        if facts is None:
            return self._finding("not_regulated", None, ())
        outcome = self._outcome(facts)
        if outcome in ("not_met", "needs_judgement"):
            outcome = self._relaxed(outcome)
        value = self.compiled.value.evaluate(facts) if self.compiled.value else None
        remarks = tuple(text for when, text in self.compiled.remarks if when.evaluate(facts) is True)
        return self._finding(outcome, value, remarks)

    def _outcome(self, facts: Facts) -> Outcome:
        """A human determination counts only where the text leaves the point open on these facts."""
        doubtful = self.compiled.doubt is not None and self.compiled.doubt.evaluate(facts) is True
        if self.compiled.condition is None or doubtful:
            outcome: Outcome = "needs_judgement"
        else:
            outcome = self.rule.outcome_of(self.compiled.condition.evaluate(facts) is True)
        if outcome == "needs_judgement" and self.determination is not None:
            self.used["determination"] = self.determination
            return self.determination
        return outcome

    def _relaxed(self, outcome: Outcome) -> Outcome:
        """Grounds and bound open the organiser's discretion; only its recorded decision relaxes."""
        for lift in self.compiled.relaxations:
            facts = self._with_parameters(lift.relaxation.uses)
            if facts is None or lift.condition.evaluate(facts) is not True:
                continue
            if lift.bounds[self.compiled.id].evaluate(facts) is not True:
                continue
            decision = self.facts.values[lift.relaxation.decision]
            if decision == GRANTED:
                return "relaxed"
            if decision == UNDECIDED and self.determination is None:
                return "needs_judgement"
        return outcome

    def _with_parameters(self, uses: Mapping[str, str]) -> Facts | None:
        """The facts together with the parameters a condition names; None where one of them is absent."""
        if not uses:
            return self.facts
        values: dict[str, object] = {}
        kinds: dict[str, FactType] = {}
        for name, path in uses.items():
            kind = use_type(self.document, path)
            if kind is None:
                raise KeyError(path)
            kinds[name] = kind
            parameter = self.document.parameters.get(path)
            if parameter is None:
                values[name] = self.document.pack.effective
                continue
            if parameter.absent:
                return None
            values[name] = Figure(path, parameter, self.on).value()
        self.used.update(values)
        return self.facts.extended(kinds, values)

    def _finding(self, outcome: Outcome, value: object, remarks: tuple[Text, ...]) -> Finding:
        says, message = SAYS[outcome], self.rule.message
        text = Text(f"{says.zh}：{message.zh}", f"{says.en}: {message.en}")
        return Finding(self.compiled.id, self.rule.article, self.rule.words, self.used, outcome, value, text, remarks)
