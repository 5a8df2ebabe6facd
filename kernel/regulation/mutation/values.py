"""What one value of a pack may be changed to: a number by its last place, a day by one, a flag, a list by its order."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kernel.regulation.expression.limits import MAX_INTEGER

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
COMPARED = re.compile(r"<=|>=|==|!=|&&|\|\||<|>")
OPPOSITE = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "==": "!=", "!=": "==", "&&": "||", "||": "&&"}
WRITTEN = re.compile(r"\"[^\"]*\"|'[^']*'")
WHOLE = re.compile(r"(?<![\w.])[0-9]+(?![\w.])")
NEGATED = re.compile(r"!(?!=)")


def of_value(value: Any) -> Iterator[tuple[str, Any]]:
    """What the value may become, each with its change in words; nothing for a word."""
    if isinstance(value, bool):
        yield f"{_said(value)} → {_said(not value)}", not value
    elif isinstance(value, int):
        if abs(value) < MAX_INTEGER:
            yield from ((f"{value} → {other}", other) for other in (value - 1, value + 1))
    elif isinstance(value, str) and NUMBER.match(value):
        place = Decimal(1).scaleb(int(Decimal(value).as_tuple().exponent))
        yield from ((f"{value} → {other}", str(other)) for other in (Decimal(value) - place, Decimal(value) + place))
    elif isinstance(value, str) and DAY.match(value):
        near = [date.fromisoformat(value) + timedelta(days=step) for step in (-1, 1)]
        yield from ((f"{value} → {other}", other.isoformat()) for other in near)


def of_list(items: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The list without each of its items, and with each two neighbours the other way round."""
    for index in range(len(items)):
        yield f"without item {index}", [*items[:index], *items[index + 1 :]]
    for index in range(len(items) - 1):
        if items[index] != items[index + 1]:
            swapped = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield f"items {index} and {index + 1} swapped", swapped


def of_condition(source: str) -> Iterator[tuple[str, str]]:
    """The condition with each comparison, number and negation changed, one at a time; texts in it stay."""
    quoted = [found.span() for found in WRITTEN.finditer(source)]

    def outside(at: int) -> bool:
        return not any(start <= at < end for start, end in quoted)

    for found in COMPARED.finditer(source):
        if outside(found.start()):
            yield _put(source, found, OPPOSITE[found.group()])
    for found in WHOLE.finditer(source):
        if outside(found.start()):
            yield _put(source, found, str(int(found.group()) + 1))
            yield _put(source, found, f"({int(found.group()) - 1})")
    for found in NEGATED.finditer(source):
        if outside(found.start()):
            yield _put(source, found, "")


def _put(source: str, found: re.Match[str], new: str) -> tuple[str, str]:
    return f"{found.group()} at {found.start()} → {new or 'nothing'}", source[: found.start()] + new + source[
        found.end() :
    ]


def _said(value: bool) -> str:
    return "true" if value else "false"
