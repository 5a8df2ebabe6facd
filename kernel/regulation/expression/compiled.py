"""A condition ready to run: read, typed, compiled once; evaluated over facts prepared once for a whole group."""

from collections.abc import Mapping
from dataclasses import dataclass

import cel

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.expression.limits import MAX_INTEGER, ExpressionRefused
from kernel.regulation.expression.nodes import Macro, Name, walk
from kernel.regulation.expression.proof import prove
from kernel.regulation.expression.shape import read
from kernel.regulation.expression.typecheck import type_of
from kernel.regulation.expression.types import FactKind, FactType, Plain, to_plain


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that passed their types: `values` as given, `plain` and `context` as the library reads them."""

    values: Mapping[str, object]
    plain: Mapping[str, Plain]
    context: cel.Context

    def extended(self, declared: Mapping[str, FactType], given: Mapping[str, object]) -> "Facts":
        """These facts with more beside them; what is there already is not read again. Raises as `prepare`."""
        plain = {**self.plain, **_checked(declared, given)}
        return Facts({**self.values, **given}, plain, cel.Context(variables=plain))


def prepare(declared: Mapping[str, FactType], given: Mapping[str, object]) -> Facts:
    """Check that every declared fact is supplied with its type; a missing fact is refused, never assumed.

    `given` may hold more than is declared: another regulation may ask for it. Raises `InvalidInput` (422).
    """
    plain = _checked(declared, given)
    return Facts({name: given[name] for name in declared}, plain, cel.Context(variables=plain))


def _checked(declared: Mapping[str, FactType], given: Mapping[str, object]) -> dict[str, Plain]:
    plain: dict[str, Plain] = {}
    errors: list[FieldError] = []
    for name, kind in declared.items():
        if name not in given or given[name] is None:
            errors.append(FieldError(f"/facts/{name}", Text(f"缺少事实“{name}”", f"fact {name!r} is missing")))
            continue
        value = to_plain(name, kind, given[name])
        if isinstance(value, Text):
            errors.append(FieldError(f"/facts/{name}", value))
        else:
            plain[name] = value
    if errors:
        raise InvalidInput(Text("判断所需的事实不全或有误", "facts for the rule are missing or wrong"), errors=errors)
    return plain


class Expression:
    """One condition. `kind` is its type, `names` the facts and parameters it reads."""

    __slots__ = ("_program", "kind", "names", "source")

    def __init__(self, source: str, declared: Mapping[str, FactType]) -> None:
        """Read, type and compile; raises `ExpressionRefused`."""
        node = read(source)
        nodes = walk(node)
        items = {each.item for each in nodes if isinstance(each, Macro)}
        self.source = source
        self.kind: FactKind = type_of(node, declared, source)
        self.names = frozenset(each.name for each in nodes if isinstance(each, Name)) - items
        try:
            self._program = cel.compile(source)
        except ValueError as error:
            raise ExpressionRefused(Text("表达式不合 CEL 语法", "not valid CEL"), source) from error

    def evaluate(self, facts: Facts) -> Plain:
        """The value over prepared facts; raises `ExpressionRefused` when arithmetic leaves ±2^53."""
        return _run(self._program, self.source, facts.context)

    def prove(self, declared: Mapping[str, FactType]) -> None:
        """Try the condition on generated facts, so that what can fail fails at check and not in service."""
        used = {name: declared[name] for name in sorted(self.names)}
        prove(
            self.source,
            used,
            lambda values: _run(self._program, self.source, cel.Context(variables=values)),
            self.kind,
        )


def _run(program: cel.Program, source: str, context: cel.Context) -> Plain:
    try:
        value = program.execute(context)
    except (OverflowError, ArithmeticError, TypeError, RuntimeError, ValueError) as error:
        raise ExpressionRefused(
            Text("运算无法完成（超出整数范围）", "arithmetic leaves the integer range"), source
        ) from error
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ExpressionRefused(Text("结果超出整数范围", "the result is beyond 2^53"), source)
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return [item for item in value if isinstance(item, int | str)]  # type: ignore[return-value]  # lists hold one kind
    raise ExpressionRefused(Text("结果类型不受支持", f"unsupported result {type(value).__name__}"), source)
