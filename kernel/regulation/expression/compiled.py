"""A condition ready to run: read, typed, compiled once; evaluated over facts prepared once for a whole group."""

from collections.abc import Mapping

import cel

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.expression.limits import MAX_INTEGER, ExpressionRefused
from kernel.regulation.expression.nodes import Macro, Name, walk
from kernel.regulation.expression.proof import prove
from kernel.regulation.expression.shape import read
from kernel.regulation.expression.typecheck import type_of
from kernel.regulation.expression.types import FactKind, FactType, Plain, to_plain


class Room:
    """Where the conditions of a rule are evaluated: what a pack says stays, the facts of a case come and go.

    What stays is converted for the library once. A context is in one thread's hands at a time, as the library asks.
    """

    __slots__ = ("_idle", "_standing")

    def __init__(self, standing: Mapping[str, Plain]) -> None:
        self._standing = dict(standing)
        self._idle: list[cel.Context] = []

    def enter(self, facts: dict[str, Plain]) -> cel.Context:
        """A context with these facts, which must name everything that its expressions read and the pack does not."""
        try:
            context = self._idle.pop()
        except IndexError:
            context = cel.Context(variables=self._standing)
        context.update(facts)
        return context

    def leave(self, context: cel.Context) -> None:
        """Give it back for the next case."""
        self._idle.append(context)


def prepare(declared: Mapping[str, FactType], given: Mapping[str, object]) -> dict[str, Plain]:
    """The declared facts as the library reads them; a missing fact is refused, never assumed.

    `given` may hold more than is declared: another regulation may ask for it. Raises `InvalidInput` (422).
    """
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

    def evaluate(self, context: cel.Context) -> Plain:
        """The value over prepared facts; raises `ExpressionRefused` when arithmetic leaves ±2^53."""
        return _run(self._program, self.source, context)

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
