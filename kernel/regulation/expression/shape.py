"""Reads the allowed subset of CEL into a tree and holds it to the bounds; no library code runs before this."""

from kernel.errors import Text
from kernel.regulation.expression.limits import (
    FUNCTIONS,
    MACROS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_MACROS,
    METHODS,
    ExpressionRefused,
)
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
    depth,
    walk,
)
from kernel.regulation.expression.tokens import Token, tokenize

RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    RELATIONS,
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
RESERVED = frozenset({"true", "false", "null", "in"})


def read(source: str) -> Node:
    """The tree of a condition inside the bounds; raises `ExpressionRefused` with what to write instead."""
    node = _Reader(source).whole()
    if depth(node) > MAX_DEPTH:
        raise ExpressionRefused(
            Text(
                f"运算嵌套超过 {MAX_DEPTH} 层，请拆成几条规则",
                f"over {MAX_DEPTH} operators deep; split the rule",
            ),
            source,
        )
    nodes = walk(node)
    if sum(isinstance(each, Macro) for each in nodes) > MAX_MACROS:
        raise ExpressionRefused(Text("最多使用一个列表宏", f"at most {MAX_MACROS} list macro"), source)
    if any(isinstance(each, Items) and len(each.items) > MAX_ITEMS for each in nodes):
        raise ExpressionRefused(Text(f"列表超过 {MAX_ITEMS} 项", f"a list has over {MAX_ITEMS} items"), source)
    return node


class _Reader:
    """A descent over the tokens; every bracket and sign counts towards the depth, so recursion is bounded."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.at = 0
        self.nesting = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.unexpected()
        return node

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def unexpected(self) -> ExpressionRefused:
        found = self.token.text or "end of text"
        place = self.token.at + 1
        return ExpressionRefused(
            Text(
                f"第 {place} 个字符处的 {found!r} 不合语法",
                f"{found!r} at character {place} is not expected here",
            ),
            self.source,
        )

    def take(self, text: str) -> bool:
        if self.token.kind in ("mark", "word") and self.token.text == text:
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.unexpected()

    def expression(self) -> Node:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise ExpressionRefused(
                Text(f"括号嵌套超过 {MAX_DEPTH} 层", f"brackets nest over {MAX_DEPTH} deep"), self.source
            )
        condition = self.binary(0)
        if self.take("?"):
            first = self.expression()
            self.need(":")
            condition = Choice(condition, first, self.expression())
        self.nesting -= 1
        return condition

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.token.kind in ("mark", "word") and self.token.text in LEVELS[level]:
            operator = self.token.text
            self.at += 1
            left = Binary(operator, left, self.binary(level + 1))
            if LEVELS[level] is RELATIONS and self.token.text in RELATIONS:
                raise self.unexpected()  # a < b < c compares a truth value
        return left

    def unary(self) -> Node:
        signs: list[str] = []
        while self.token.kind == "mark" and self.token.text in ("!", "-"):
            signs.append(self.token.text)
            self.at += 1
        node = self.postfix()
        for sign in reversed(signs):
            node = Unary(sign, node)
        return node

    def postfix(self) -> Node:
        node = self.primary()
        while self.take("."):
            word = self.word()
            self.need("(")
            if word in MACROS:
                item = self.word()
                self.need(",")
                node = Macro(word, node, item, self.expression())
                self.need(")")
            elif word in METHODS:
                node = Call(word, (node, *self.arguments(")")), method=True)
            else:
                raise self.unknown(word, METHODS | MACROS)
        return node

    def primary(self) -> Node:
        token = self.token
        if token.kind == "integer":
            self.at += 1
            return Literal(int(token.text))
        if token.kind == "text":
            self.at += 1
            return Literal(token.text[1:-1])
        if self.take("("):
            node = self.expression()
            self.need(")")
            return node
        if self.take("["):
            return Items(self.arguments("]"))
        if self.take("true"):
            return Literal(True)
        if self.take("false"):
            return Literal(False)
        word = self.word()
        if self.take("("):
            if word not in FUNCTIONS:
                raise self.unknown(word, FUNCTIONS)
            return Call(word, self.arguments(")"), method=False)
        return Name(word)

    def arguments(self, close: str) -> tuple[Node, ...]:
        if self.take(close):
            return ()
        items = [self.expression()]
        while self.take(","):
            items.append(self.expression())
        self.need(close)
        return tuple(items)

    def word(self) -> str:
        if self.token.kind != "word" or self.token.text in RESERVED:
            raise self.unexpected()
        word = self.token.text
        self.at += 1
        return word

    def unknown(self, word: str, allowed: frozenset[str]) -> ExpressionRefused:
        names = ", ".join(sorted(allowed))
        return ExpressionRefused(
            Text(f"函数 {word} 不可用；可用：{names}", f"function {word} is not allowed; allowed here: {names}"),
            self.source,
        )
