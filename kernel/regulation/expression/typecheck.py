"""Gives every condition a type from the declared facts; the library itself would compare a text with a number."""

from collections.abc import Mapping

from kernel.errors import Text
from kernel.regulation.expression.limits import ExpressionRefused
from kernel.regulation.expression.nodes import (
    Binary,
    Call,
    Choice,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Unary,
)
from kernel.regulation.expression.types import ITEM, FactKind, FactType

LISTS: dict[FactKind, FactKind] = {"text": "texts", "int": "integers"}


def type_of(node: Node, facts: Mapping[str, FactType], source: str) -> FactKind:
    """The type of the whole condition; raises `ExpressionRefused` where operands do not agree."""
    return _Check(source).kind(node, dict(facts))


class _Check:
    def __init__(self, source: str) -> None:
        self.source = source

    def refuse(self, zh: str, en: str) -> ExpressionRefused:
        return ExpressionRefused(Text(zh, en), self.source)

    def kind(self, node: Node, facts: dict[str, FactType]) -> FactKind:
        match node:
            case Literal(value):
                return "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "text"
            case Name(name):
                if name not in facts:
                    raise self.refuse(
                        f"未声明的事实“{name}”，请更正名称，或者在 facts 中声明、在 uses 中列出",
                        f"{name!r} is not a declared fact or parameter; mend the name, declare it under `facts` "
                        "or list it under `uses`",
                    )
                return facts[name].kind
            case Items(items):
                return self.items(items, facts)
            case Unary(operator, operand):
                wanted: FactKind = "bool" if operator == "!" else "int"
                self.expect(operand, wanted, facts)
                return wanted
            case Choice(condition, first, second):
                self.expect(condition, "bool", facts)
                kind = self.kind(first, facts)
                self.expect(second, kind, facts)
                return kind
            case Call():
                return self.call(node, facts)
            case Macro(macro, over, item, predicate):
                return self.macro(macro, over, item, predicate, facts)
            case Binary(operator, left, right):
                return self.binary(operator, left, right, facts)

    def expect(self, node: Node, kind: FactKind, facts: dict[str, FactType]) -> None:
        found = self.kind(node, facts)
        if found != kind:
            raise self.refuse(f"此处应为 {kind}，却是 {found}", f"expected {kind} here, found {found}")

    def items(self, items: tuple[Node, ...], facts: dict[str, FactType]) -> FactKind:
        if not items:
            raise self.refuse("空列表没有类型", "an empty list has no type; leave it out")
        first = self.kind(items[0], facts)
        if first not in LISTS:
            raise self.refuse(f"列表不能装 {first}", f"a list cannot hold {first}")
        for item in items[1:]:
            self.expect(item, first, facts)
        return LISTS[first]

    def call(self, call: Call, facts: dict[str, FactType]) -> FactKind:
        if call.method:
            if len(call.arguments) != len(("receiver", "argument")):
                raise self.refuse(f"{call.function} 需要一个参数", f"{call.function} takes one argument")
            for argument in call.arguments:
                self.expect(argument, "text", facts)
            return "bool"
        if len(call.arguments) != 1 or self.kind(call.arguments[0], facts) not in ITEM:
            # On a text size() would count bytes, so a Chinese name of three characters had length nine.
            raise self.refuse("size 只能用于一个列表", "size takes one list (on a text it would count bytes)")
        return "int"

    def macro(self, macro: str, over: Node, item: str, predicate: Node, facts: dict[str, FactType]) -> FactKind:
        kind = self.kind(over, facts)
        if kind not in ITEM:
            raise self.refuse(f"{macro} 只能用于列表", f"{macro} works on a list, not on {kind}")
        if item in facts:
            raise self.refuse(f"变量名“{item}”与事实重名", f"the item name {item!r} hides a fact; choose another")
        self.expect(predicate, "bool", {**facts, item: FactType(ITEM[kind])})
        return kind if macro == "filter" else "bool"

    def binary(self, operator: str, left: Node, right: Node, facts: dict[str, FactType]) -> FactKind:
        if operator in ("&&", "||"):
            self.expect(left, "bool", facts)
            self.expect(right, "bool", facts)
            return "bool"
        first, second = self.kind(left, facts), self.kind(right, facts)
        if operator == "in":
            if ITEM.get(second) != first:
                raise self.refuse(f"{first} 不能在 {second} 之中", f"{first} cannot be in {second}")
            self.known_value(left, right, facts)
            return "bool"
        if operator in ("==", "!=", "<", "<=", ">", ">="):
            if first != second or (first not in ("int", "date", "text") and operator not in ("==", "!=")):
                raise self.refuse(
                    f"{first} 与 {second} 不能用 {operator} 比较", f"{first} {operator} {second} has no sense"
                )
            self.known_value(left, right, facts)
            self.known_value(right, left, facts)
            return "bool"
        return self.arithmetic(operator, first, second, right)

    def arithmetic(self, operator: str, first: FactKind, second: FactKind, right: Node) -> FactKind:
        if operator in ("/", "%") and not (isinstance(right, Literal) and right.value):
            raise self.refuse("除数必须是写明的非零整数", "divide only by a written integer that is not zero")
        match first, operator, second:
            case "int", _, "int":
                return "int"
            case "date", "-", "date":
                return "int"
            case "date", ("+" | "-"), "int":
                return "date"
        raise self.refuse(f"{first} {operator} {second} 无意义", f"{first} {operator} {second} has no sense")

    def known_value(self, fact: Node, other: Node, facts: dict[str, FactType]) -> None:
        """A text compared with a fact of listed values must be one of them, else the comparison is never true."""
        if not isinstance(fact, Name) or not facts[fact.name].values:
            return
        written = other.items if isinstance(other, Items) else (other,)
        for item in written:
            if isinstance(item, Literal) and item.value not in facts[fact.name].values:
                raise self.refuse(
                    f"“{item.value}”不是“{fact.name}”的取值",
                    f"{item.value!r} is not a value of {fact.name!r}",
                )
