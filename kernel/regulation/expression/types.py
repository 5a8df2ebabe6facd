"""Types of facts. Dates are days: inside a condition a date is an integer number of days (proleptic ordinal)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kernel.errors import Text
from kernel.regulation.expression.limits import MAX_INTEGER, MAX_ITEMS, MAX_TEXT

FactKind = Literal["int", "bool", "text", "date", "texts", "integers"]
Value = int | bool | str | date | Sequence[str] | Sequence[int]
Plain = int | bool | str | list[str] | list[int]
ITEM: dict[str, FactKind] = {"texts": "text", "integers": "int"}


@dataclass(frozen=True, slots=True)
class FactType:
    """Kind of a fact, with the values or the range it may take."""

    kind: FactKind
    values: frozenset[str] = frozenset()
    minimum: int = -MAX_INTEGER
    maximum: int = MAX_INTEGER


def to_plain(name: str, declared: FactType, value: object) -> Plain | Text:
    """The value as the library takes it, or a sentence that says why this value cannot stand for the fact."""
    match declared.kind, value:
        case "bool", bool():
            return value
        case "int", int() if not isinstance(value, bool):
            return _integer(name, declared, value)
        case "text", str():
            return _text(name, declared, value)
        case "date", date():
            return value.toordinal()
        case "date", str():
            try:
                return date.fromisoformat(value).toordinal()
            except ValueError:
                return _wrong(name, declared)
        case (("texts" | "integers"), (list() | tuple() | frozenset() | set())):
            return _items(name, declared, list(value))
    return _wrong(name, declared)


def _wrong(name: str, declared: FactType) -> Text:
    return Text(f"事实“{name}”应为 {declared.kind}", f"fact {name!r} must be {declared.kind}")


def _integer(name: str, declared: FactType, value: int) -> Plain | Text:
    if declared.minimum <= value <= declared.maximum:
        return value
    low, high = declared.minimum, declared.maximum
    return Text(f"事实“{name}”应在 {low} 与 {high} 之间", f"fact {name!r} must lie between {low} and {high}")


def _text(name: str, declared: FactType, value: str) -> Plain | Text:
    if declared.values and value not in declared.values:
        allowed = ", ".join(sorted(declared.values))
        return Text(f"事实“{name}”只能取：{allowed}", f"fact {name!r} must be one of: {allowed}")
    if len(value) > MAX_TEXT:
        return Text(f"事实“{name}”过长", f"fact {name!r} is longer than {MAX_TEXT} characters")
    return value


def _items(name: str, declared: FactType, items: list[object]) -> Plain | Text:
    if len(items) > MAX_ITEMS:
        return Text(f"事实“{name}”超过 {MAX_ITEMS} 项", f"fact {name!r} has more than {MAX_ITEMS} items")
    found: list[Any] = []
    for item in items:
        if declared.kind == "texts" and isinstance(item, str):
            plain = _text(name, declared, item)
        elif declared.kind == "integers" and isinstance(item, int) and not isinstance(item, bool):
            plain = _integer(name, declared, item)
        else:
            return _wrong(name, FactType(ITEM[declared.kind]))
        if isinstance(plain, Text):
            return plain
        found.append(plain)
    return found
