"""The mutants of a pack's own members: one change each, as the changed member that would stand instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import orjson

from kernel.regulation.mutation.values import of_condition, of_list, of_value
from kernel.regulation.schema import PackDocument
from kernel.regulation.schema.base import Model
from kernel.regulation.schema.organisation import LEVEL_CODES

SECTIONS = (
    "parameters",
    "facts",
    "rules",
    "relaxations",
    "counters",
    "procedures",
    "workflows",
    "categories",
    "relations",
    "roles",
    "lists",
)
"""Members that hold figures. Names of levels and departments are none; who is granted what has its own proof (the
catalogue of permissions)."""
WHOLE = ("pack", "calendar")
TOLD = frozenset(
    {
        "label",
        "message",
        "words",
        "article",
        "ours",
        "reading",
        "suggestion",
        "source",
        "note",
        "title",
        "jurisdiction",
        "issuer",
        "interpreter",
        "basis",
        "texts",
        "version",
        "id",
        "national",
        "unresolved",
        "values",
    }
)
"""What is told to people or names a member; it decides nothing. Nor does the outcome of a judgement, which has no
condition."""
CONDITIONS = frozenset({"condition", "doubt", "when"})
CHOICES: Mapping[str, tuple[str, ...]] = {
    "tightening": ("min", "max", "none"),
    "unit": ("calendar", "working"),
    "mode": ("all", "any", "in_order"),
    "age_convention": ("birthday", "day_after_birthday"),
    "deferred": LEVEL_CODES,
    "level": LEVEL_CODES,
    "removal": ("labour_contract", "as_agreed", "recall_or_removal", "agency", "home_unit"),
    "when_true": ("met", "not_met"),
    "when_false": ("met", "not_met"),
}
STRICTNESS = {("rules", "kind"): ("hard", "soft"), ("workflows", "kind"): ("approve", "review", "file")}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it stands (`path`), what it is in words, and the member as it would be."""

    path: str
    change: str
    section: str
    member: str
    data: Any

    def fits(self, path: str, change: str = "*") -> bool:
        """Whether path and change fit patterns with `*`; brackets are meant as they stand."""
        return fnmatchcase(self.path, _plain(path)) and fnmatchcase(self.change, _plain(change))

    def build(self, own: PackDocument) -> PackDocument:
        """The pack's own members with this one changed; raises pydantic's `ValidationError` where it cannot be."""
        kept = getattr(own, self.section)
        if self.section in WHOLE:
            return own.model_copy(update={self.section: type(kept).model_validate_json(orjson.dumps(self.data))})
        changed = type(kept[self.member]).model_validate_json(orjson.dumps(self.data))
        return own.model_copy(update={self.section: {**kept, self.member: changed}})


def _plain(pattern: str) -> str:
    return pattern.replace("[", "[[]")


def mutants(own: PackDocument) -> Iterator[Mutant]:
    """Every mutant of the pack's own members, in the order of its sections."""
    for section in WHOLE:
        member = getattr(own, section)
        if member is not None:
            yield from _of_member(section, section, member)
    for section in SECTIONS:
        for name, member in getattr(own, section).items():
            yield from _of_member(section, name, member)


def _of_member(section: str, name: str, member: Model) -> Iterator[Mutant]:
    data = member.model_dump(mode="json", exclude_none=True)
    root = name if section in WHOLE else f"{section}.{name}"
    for path, change, changed in _changes(section, data, (), ""):
        yield Mutant(root + path, change, section, name, changed)


def _changes(section: str, node: Any, at: tuple[str, ...], path: str) -> Iterator[tuple[str, str, Any]]:
    """(path, change, node as it would be) for everything below a node."""
    if isinstance(node, dict):
        for key, below in node.items():
            if key in TOLD or (key == "when_true" and node.get("kind") == "judgement"):
                continue
            for place, change, changed in _changes(section, below, (*at, key), f"{path}.{key}"):
                yield place, change, {**node, key: changed}
    elif isinstance(node, list):
        yield from ((path, change, changed) for change, changed in of_list(node))
        for index, below in enumerate(node):
            for place, change, changed in _changes(section, below, at, f"{path}[{index}]"):
                yield place, change, [*node[:index], changed, *node[index + 1 :]]
    else:
        yield from ((path, change, changed) for change, changed in _of_leaf(section, node, at))


def _of_leaf(section: str, value: Any, at: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    key = at[-1]
    choices = STRICTNESS.get((section, key), CHOICES.get(key, ()))
    if isinstance(value, str) and (key in CONDITIONS or "bounds" in at or (section == "rules" and at == ("value",))):
        yield from of_condition(value)
    elif value in choices:
        yield from ((f"{value} → {other}", other) for other in choices if other != value)
    else:
        yield from of_value(value)
    if isinstance(value, str) and section == "parameters" and "value" in at and value.isidentifier():
        yield f"{value} → {value}_", f"{value}_"
