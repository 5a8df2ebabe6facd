"""Splits a condition into tokens of the allowed subset; anything else is refused here."""

import re
from dataclasses import dataclass
from typing import Literal

from kernel.errors import Text
from kernel.regulation.expression.limits import MAX_CHARACTERS, MAX_INTEGER, ExpressionRefused

TokenKind = Literal["integer", "text", "word", "mark", "end"]
PATTERN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<integer>[0-9]+)(?![0-9A-Za-z_.])"
    r"|(?P<text>\"[^\"\\\r\n]*\"|'[^'\\\r\n]*')"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>&&|\|\||==|!=|<=|>=|[<>!+\-*/%?:.,()\[\]])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token with the place it stands at (characters from the start)."""

    kind: TokenKind
    text: str
    at: int


def tokenize(source: str) -> list[Token]:
    """Tokens of the source, closed by an `end` token; raises `ExpressionRefused`."""
    if len(source) > MAX_CHARACTERS:
        raise ExpressionRefused(
            Text(
                f"超过 {MAX_CHARACTERS} 个字符，请拆成几条规则",
                f"over {MAX_CHARACTERS} characters; split the rule",
            ),
            source,
        )
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        found = PATTERN.match(source, at)
        if found is None:
            raise ExpressionRefused(
                Text(
                    f"第 {at + 1} 个字符 {source[at]!r} 不在允许的写法之内（整数、带引号文字、变量与运算符；无小数）",
                    f"character {at + 1} ({source[at]!r}) is outside the allowed subset "
                    "(integers, quoted texts without backslash, names, operators; no decimals)",
                ),
                source,
            )
        text = found.group()
        if found.lastgroup == "integer" and int(text) > MAX_INTEGER:
            raise ExpressionRefused(Text(f"整数 {text} 过大", f"integer {text} is beyond 2^53"), source)
        match found.lastgroup:
            case "integer" | "text" | "word" | "mark" as kind:
                tokens.append(Token(kind, text, at))
        at = found.end()
    tokens.append(Token("end", "", len(source)))
    return tokens
