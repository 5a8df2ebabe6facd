"""Generated facts for the proof at check: each fact at its edges, one at a time and all together."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from kernel.errors import Text
from kernel.regulation.expression.limits import MAX_ITEMS, ExpressionRefused
from kernel.regulation.expression.types import FactKind, FactType, Plain

EARLIEST, LATEST = date(1900, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
PYTHON: dict[FactKind, type] = {
    "bool": bool,
    "int": int,
    "date": int,
    "text": str,
    "texts": list,
    "integers": list,
}


def prove(
    source: str,
    declared: Mapping[str, FactType],
    run: Callable[[dict[str, Plain]], Plain],
    kind: FactKind,
) -> None:
    """Run the condition over generated facts; raises `ExpressionRefused` naming the facts that break it."""
    samples = {name: _samples(source, fact) for name, fact in declared.items()}
    for values in _combinations(samples):
        try:
            result = run(values)
        except ExpressionRefused as error:
            shown = {name: value for name, value in values.items() if not isinstance(value, list)}
            raise ExpressionRefused(
                Text(
                    f"以事实 {shown} 试算失败：{error.what.zh}；请为事实声明取值范围",
                    f"fails on facts {shown}: {error.what.en}; declare minimum and maximum of the facts",
                ),
                source,
            ) from error
        if type(result) is not PYTHON[kind]:
            raise ExpressionRefused(Text(f"结果应为 {kind}", f"gives {type(result).__name__}, expected {kind}"), source)


def _combinations(samples: Mapping[str, list[Plain]]) -> Iterator[dict[str, Plain]]:
    names = list(samples)
    longest = max((len(values) for values in samples.values()), default=1)
    for index in range(longest):
        diagonal = {name: samples[name][index % len(samples[name])] for name in names}
        yield diagonal
        for name in names:
            for value in samples[name]:
                yield {**diagonal, name: value}


def _samples(source: str, fact: FactType) -> list[Plain]:
    integers = [int(found) for found in re.findall(r"(?<![\w\"'])\d+", source)]
    near = [value + step for value in integers for step in (-1, 0, 1)]
    inside = [value for value in (0, 1, *near) if fact.minimum <= value <= fact.maximum]
    numbers = sorted({fact.minimum, fact.maximum, *inside})
    texts = sorted(fact.values) or ["", "文", *sorted(set(re.findall(r"[\"']([^\"']*)[\"']", source)))]
    match fact.kind:
        case "bool":
            return [False, True]
        case "int":
            return list(numbers)
        case "text":
            return list(texts)
        case "date":
            return [EARLIEST, LATEST]
        case "texts":
            return [[], texts[:MAX_ITEMS], [texts[0]] * MAX_ITEMS]
        case "integers":
            return [[], numbers[:MAX_ITEMS], [numbers[-1]] * MAX_ITEMS]
