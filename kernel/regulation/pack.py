"""A regulation pack as services use it: rules, parameters, workflows and grants in force, each with its article.

A pack is immutable and holds everything it inherits, so that one JSON text carries it to a service and one
cached object answers every request. Conditions are compiled once, on first use.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import orjson

from kernel.calendar import AgeConvention, CalendarYear, WorkingCalendar
from kernel.errors import ParameterNotSet, Text
from kernel.regulation.compiling import CompiledRule, compile_rule
from kernel.regulation.evaluation import Determination, RuleSet
from kernel.regulation.figures import Figure
from kernel.regulation.findings import Finding
from kernel.regulation.schema import (
    Article,
    Grant,
    ItemList,
    PackDocument,
    Parameter,
    Procedure,
    Role,
    WorkflowDefinition,
)
from kernel.regulation.schema.base import article_of

KEPT_SETS = 512
"""Rules made ready, by group and day; small. A simulation may ask for many days."""


class UnknownMember(ParameterNotSet):
    """A member that no layer of this version of the pack names; never a silent regulation.

    A tenant may still live under a version that was published before the platform learned to ask for it.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(
                "本辖区现行版本的管理办法没有这一项，请先发布新版本",
                "This jurisdiction's version of the regulation does not name this; publish a newer version first.",
            ),
            cause=what,
        )


@dataclass(frozen=True, slots=True)
class Lineage:
    """One layer that went into the pack, from the national one down."""

    id: str
    version: str
    digest: str


class Pack:
    """One version of a jurisdiction's regulation with its layers merged."""

    def __init__(self, document: PackDocument, lineage: tuple[Lineage, ...]) -> None:
        self.document = document
        self.lineage = lineage
        self._compiled: dict[str, CompiledRule] = {}
        self._sets: dict[tuple[str, str, date | None], RuleSet] = {}

    @property
    def id(self) -> str:
        """The jurisdiction's pack id."""
        return self.document.pack.id

    @property
    def version(self) -> str:
        """The version of this text."""
        return self.document.pack.version

    def in_force(self, on: date) -> bool:
        """Whether this version holds on that day."""
        before = self.document.pack.effective_before
        return self.document.pack.effective <= on and (before is None or on < before)

    # content

    @cached_property
    def digest(self) -> str:
        """Content hash of the whole pack with its layers; independent of the order of keys."""
        return hashlib.sha256(orjson.dumps(self._data(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def to_json(self) -> str:
        """The whole pack as one JSON text, as it travels to the services."""
        return orjson.dumps(self._data()).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Pack":
        """The pack of such a text; raises pydantic's ValidationError when it is not one."""
        data = orjson.loads(text)
        document = PackDocument.model_validate_json(orjson.dumps(data["document"]))
        return cls(document, tuple(Lineage(**layer) for layer in data["lineage"]))

    def _data(self) -> dict[str, Any]:
        document = self.document.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        layers = [{"id": each.id, "version": each.version, "digest": each.digest} for each in self.lineage]
        return {"document": document, "lineage": layers}

    def with_parameters(self, parameters: Mapping[str, Parameter]) -> "Pack":
        """The same version with other figures of the same kinds; what was compiled is shared, since kinds stay."""
        other = Pack(self.document.model_copy(update={"parameters": dict(parameters)}), self.lineage)
        other._compiled = self._compiled
        return other

    # decisions

    def evaluate(
        self,
        rule: str,
        facts: Mapping[str, object],
        determinations: Mapping[str, Determination] | None = None,
        *,
        on: date | None = None,
    ) -> Finding:
        """The finding of one rule; raises `InvalidInput` when a fact it reads is missing or of another type."""
        return self._set("rule", rule, on).evaluate(facts, determinations or {})[0]

    def evaluate_group(
        self,
        group: str,
        facts: Mapping[str, object],
        determinations: Mapping[str, Determination] | None = None,
        *,
        on: date | None = None,
    ) -> list[Finding]:
        """Findings of all rules of the group in the order of the text; no rule, no finding.

        `facts` must hold every fact that `facts_of(group)` names and may hold more. `determinations` gives,
        by rule id, what a named official determined for rules that need it.
        """
        return self._set("group", group, on).evaluate(facts, determinations or {})

    def _set(self, kind: Literal["rule", "group"], name: str, on: date | None) -> RuleSet:
        """One rule, or all of a group, made ready for that day; the days asked for last are kept."""
        known = self._sets.get((kind, name, on))
        if known is None:
            rules = [name] if kind == "rule" else self.rules_of(name)
            known = RuleSet(self.document, map(self.compiled, rules), on)
            if len(self._sets) >= KEPT_SETS:
                self._sets.clear()
            self._sets[kind, name, on] = known
        return known

    def rules_of(self, group: str) -> list[str]:
        """Ids of the group's rules."""
        return [name for name, rule in self.document.rules.items() if rule.group == group]

    def facts_of(self, group: str) -> frozenset[str]:
        """Names of the facts that the group's rules and their relaxations read."""
        return frozenset().union(*(self.compiled(rule).facts for rule in self.rules_of(group)))

    def judgements_of(self, group: str) -> list[str]:
        """Rules of the group that are always a human's determination."""
        return [name for name in self.rules_of(group) if self.document.rules[name].kind == "judgement"]

    def compiled(self, rule: str) -> CompiledRule:
        """The rule ready to run."""
        known = self._compiled.get(rule)
        if known is None:
            if rule not in self.document.rules:
                raise UnknownMember(f"pack {self.id} has no rule {rule}")
            known = self._compiled[rule] = compile_rule(self.document, rule)
        return known

    # members

    def parameter(self, path: str, on: date | None = None) -> Figure:
        """The parameter, read by `.integer()`, `.decimal()`, `.text()` …; `on` is needed where it is dated.

        Raises `UnknownMember` for a path that no layer declares.
        """
        known = self.document.parameters.get(path)
        if known is None:
            raise UnknownMember(f"no layer of pack {self.id} declares the parameter {path}")
        return Figure(path, known, on)

    def regulated(self, path: str, on: date | None = None) -> Figure | None:
        """The parameter of which this regulation speaks, though its value may be owed; else None.

        For figures that only some regulations write: a version that was published before one existed is silent too.
        """
        known = self.document.parameters.get(path)
        return None if known is None or known.absent else Figure(path, known, on)

    def workflow(self, name: str) -> WorkflowDefinition | None:
        """The workflow, or None where this regulation writes none: silence adds no approval."""
        return self.document.workflows.get(name)

    def procedure(self, name: str) -> Procedure | None:
        """The ordered procedure, or None where this regulation writes none."""
        return self.document.procedures.get(name)

    def item_list(self, name: str) -> ItemList | None:
        """An enumeration of the text, or None where this regulation has none."""
        return self.document.lists.get(name)

    def role(self, name: str) -> Role | None:
        """A post of this regulation, or None where it knows no such post."""
        return self.document.roles.get(name)

    def grants(self, permission: str) -> list[Grant]:
        """Who among officials holds the permission; empty when no layer grants it."""
        return list(self.document.permissions.get(permission, []))

    def department_name(self, kind: str, on: date | None = None) -> str:
        """What that kind of department is called (Chinese), on a day or now; its code where no name holds.

        Names are dated because reforms rename organs without changing what refers to them.
        """
        department = self.document.departments.get(kind)
        names = department.names if department else []
        held = [each.name.zh for each in names if on is None or each.valid_from <= on]
        return held[-1] if held else kind

    def article(self, number: str) -> Article:
        """The article of a citation (`NM-9` or `NM-9(2)`), with its text."""
        known = self.document.articles.get(article_of(number))
        if known is None:
            raise UnknownMember(f"pack {self.id} does not list {number}")
        return known

    # calendar

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of the jurisdiction."""
        section = self.document.calendar
        years = {
            int(year): CalendarYear(frozenset(data.off), frozenset(data.work), data.complete)
            for year, data in (section.years if section else {}).items()
        }
        return WorkingCalendar(
            self.document.pack.jurisdiction.zh, years, section is not None and section.overlay_required
        )

    @property
    def age_convention(self) -> AgeConvention:
        """How completed years of age are counted here."""
        return self.document.calendar.age_convention if self.document.calendar else "birthday"
