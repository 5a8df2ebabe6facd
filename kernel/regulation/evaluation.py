"""Runs the rules of a pack over facts: outcome of the condition, then human determination, then relaxation.

Decisions stay with people where the text is soft or moral: such a rule answers `needs_judgement` until a
named official's determination is given for it (P8).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import cel

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.compiling import CompiledRelaxation, CompiledRule, use_type
from kernel.regulation.expression import FactType, Plain, Room, prepare
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.schema import Outcome, PackDocument
from kernel.regulation.schema.base import article_order

Determination = Literal["met", "not_met"]
GRANTED, UNDECIDED = "granted", "none"  # a third value, refused, leaves the outcome as it is
DECISIONS = frozenset({"granted", "none", "refused"})


class RuleSet:
    """Rules of one version on one day, in the order of the text: what does not hang on the facts is read once."""

    def __init__(self, document: PackDocument, rules: Iterable[CompiledRule], on: date | None) -> None:
        chosen = sorted(rules, key=lambda each: (article_order(each.rule.article), each.id))
        self._rules = [_Ready(document, each, on) for each in chosen]
        names = sorted({name for each in chosen for name in each.facts})
        self._types = {name: document.facts[name].type() for name in names}
        # A determination on a hard rule without doubt would overrule the text; it is refused.
        self._closed = frozenset(each.id for each in chosen if each.rule.kind == "hard" and each.doubt is None)

    def evaluate(self, given: Mapping[str, object], determinations: Mapping[str, Determination]) -> list[Finding]:
        """Findings of the rules; every fact that any of them reads must be supplied."""
        closed = self._closed.intersection(determinations)
        if closed:
            open_to_nobody = Text("此条不由人工认定", "this rule is not open to a determination")
            errors = [FieldError(f"/determinations/{rule}", open_to_nobody, rule) for rule in sorted(closed)]
            raise InvalidInput(Text("人工认定不适用", "a determination is not possible here"), errors=errors)
        facts = prepare(self._types, given)
        return [each.finding(given, facts, determinations.get(each.compiled.id)) for each in self._rules]


class _Figures:
    """The parameters that a rule or a relaxation names, as they stand on the day, and the room with them in it.

    Read when they are first asked for: what is never reached needs no figure.
    """

    def __init__(self, document: PackDocument, uses: Mapping[str, str], on: date | None, facts: Iterable[str]) -> None:
        self._document = document
        self._uses = uses
        self._on = on
        self._facts = tuple(sorted(facts))
        self._room: Room | None = None
        self.values: dict[str, object] = {}

    @property
    def regulated(self) -> bool:
        """Whether this regulation speaks of all of them; raises `ParameterNotSet` where a figure is still owed."""
        if self._room is None:
            read = self._read()
            if read is None:
                return False
            kinds, self.values = read
            self._room = Room(prepare(kinds, self.values))
        return True

    @contextmanager
    def among(self, facts: Mapping[str, Plain]) -> Iterator[cel.Context]:
        """The figures and the facts of a case together. Only where `regulated`."""
        assert self._room is not None  # noqa: S101 - asked before
        context = self._room.enter({name: facts[name] for name in self._facts})
        yield context
        self._room.leave(context)

    def _read(self) -> tuple[dict[str, FactType], dict[str, object]] | None:
        values: dict[str, object] = {}
        kinds: dict[str, FactType] = {}
        for name, path in self._uses.items():
            kind = use_type(self._document, path)
            if kind is None:
                raise KeyError(path)
            kinds[name] = kind
            parameter = self._document.parameters.get(path)
            if parameter is None:
                values[name] = self._document.pack.effective
                continue
            if parameter.absent:
                return None
            values[name] = Figure(path, parameter, self._on).value()
        return kinds, values


@dataclass(slots=True)
class _Answer:
    """What one case comes to under one rule, and everything that was looked at for it."""

    outcome: Outcome
    used: dict[str, object]
    value: Plain | None = None
    remarks: list[Text] = field(default_factory=list)


class _Ready:
    """One rule on one day."""

    def __init__(self, document: PackDocument, compiled: CompiledRule, on: date | None) -> None:
        self.compiled = compiled
        self._facts = tuple(sorted(compiled.facts))
        self._figures = _Figures(document, compiled.rule.uses, on, compiled.own_facts)
        self._relaxations = [
            (lift, _Figures(document, lift.relaxation.uses, on, lift.facts(compiled.id)))
            for lift in compiled.relaxations
        ]
        message = compiled.rule.message
        self._says = {
            outcome: Text(f"{says.zh}：{message.zh}", f"{says.en}: {message.en}") for outcome, says in SAYS.items()
        }
        judgement = compiled.condition is None and not compiled.facts and not compiled.rule.uses
        self._open = self._finding(_Answer("needs_judgement", {})) if judgement else None

    def finding(
        self, given: Mapping[str, object], facts: Mapping[str, Plain], determination: Determination | None
    ) -> Finding:
        if self._open is not None and determination is None:
            return self._open
        used = {name: given[name] for name in self._facts}
        if not self._figures.regulated:
            return self._finding(_Answer("not_regulated", used))
        used.update(self._figures.values)
        answer = self._by_condition(facts, determination, used)
        if answer.outcome in ("not_met", "needs_judgement"):
            self._relax(answer, facts, determination)
        return self._finding(answer)

    def _by_condition(
        self, facts: Mapping[str, Plain], determination: Determination | None, used: dict[str, object]
    ) -> _Answer:
        """A human determination counts only where the text leaves the point open on these facts."""
        rule = self.compiled
        with self._figures.among(facts) as context:
            doubtful = rule.doubt is not None and rule.doubt.evaluate(context) is True
            if rule.condition is None or doubtful:
                outcome: Outcome = "needs_judgement"
            else:
                outcome = rule.rule.outcome_of(rule.condition.evaluate(context) is True)
            value = rule.value.evaluate(context) if rule.value else None
            remarks = [text for when, text in rule.remarks if when.evaluate(context) is True]
        if outcome == "needs_judgement" and determination is not None:
            used["determination"] = outcome = determination
        return _Answer(outcome, used, value, remarks)

    def _relax(self, answer: _Answer, facts: Mapping[str, Plain], determination: Determination | None) -> None:
        """Grounds and bound open the organiser's discretion; only its recorded decision relaxes."""
        for lift, figures in self._relaxations:
            if not figures.regulated:
                continue
            answer.used.update(figures.values)
            if not self._within(lift, figures, facts):
                continue
            decision = facts[lift.relaxation.decision]
            if decision == GRANTED:
                answer.outcome = "relaxed"
                return
            if decision == UNDECIDED and determination is None:
                answer.outcome = "needs_judgement"
                return

    def _within(self, lift: CompiledRelaxation, figures: _Figures, facts: Mapping[str, Plain]) -> bool:
        with figures.among(facts) as context:
            if lift.condition.evaluate(context) is not True:
                return False
            return lift.bounds[self.compiled.id].evaluate(context) is True

    def _finding(self, answer: _Answer) -> Finding:
        rule, outcome = self.compiled.rule, answer.outcome
        return Finding(
            rule=self.compiled.id,
            article=rule.article,
            words=rule.words,
            facts=answer.used,
            outcome=outcome,
            value=answer.value,
            message=self._says[outcome],
            remarks=tuple(answer.remarks),
        )
