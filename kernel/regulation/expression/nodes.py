"""The tree of a condition, as the parser gives it and the type check walks it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """An integer, a text or a truth value written in the condition."""

    value: int | str | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a parameter, or the item of the macro around it."""

    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list written in the condition."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-` before an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands with an operator between them."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? first : second`."""

    condition: Node
    first: Node
    second: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function on its arguments, or a method with its receiver first."""

    function: str
    arguments: tuple[Node, ...]
    method: bool


@dataclass(frozen=True, slots=True)
class Macro:
    """`list.exists(item, predicate)` and its kin."""

    macro: str
    over: Node
    item: str
    predicate: Node


Node = Literal | Name | Items | Unary | Binary | Choice | Call | Macro


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node."""
    match node:
        case Items(items):
            return items
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Choice(condition, first, second):
            return (condition, first, second)
        case Call(_, arguments, _):
            return arguments
        case Macro(_, over, _, predicate):
            return (over, predicate)
    return ()


def walk(node: Node) -> list[Node]:
    """Every node of the tree, without recursion."""
    found: list[Node] = []
    open_nodes = [node]
    while open_nodes:
        current = open_nodes.pop()
        found.append(current)
        open_nodes.extend(children(current))
    return found


def depth(node: Node) -> int:
    """Operators on the longest way from the root to a leaf."""
    deepest, open_nodes = 0, [(node, 0)]
    while open_nodes:
        current, above = open_nodes.pop()
        here = above if isinstance(current, Literal | Name) else above + 1
        deepest = max(deepest, here)
        open_nodes.extend((child, here) for child in children(current))
    return deepest
