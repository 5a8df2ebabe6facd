"""What a counter of the pack comes to, as a finding; silence of a year is no value."""

from collections.abc import Iterator, Mapping

from kernel.errors import Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Counter
from kernel.regulation.schema.rules import Outcome


def counted_years(counter: Counter, values: Mapping[int, str | None], year: int) -> list[int]:
    """The years that count, up to and with `year`, the newest first; none where that year itself does not count."""
    if values.get(year) not in counter.values:
        return []
    if counter.within_years is not None:
        return [each for each in range(year, year - counter.within_years, -1) if values.get(each) in counter.values]
    run = [year]
    while values.get(run[-1] - 1) in counter.values:
        run.append(run[-1] - 1)
    return run


def counter_findings(
    pack: Pack, of: str, values: Mapping[int, str | None], year: int
) -> Iterator[tuple[Counter, list[int], Finding]]:
    """Every counter of that kind with the years it counted and its finding: `met` where its ground is there."""
    for name, counter in pack.document.counters.items():
        if counter.of != of:
            continue
        years = counted_years(counter, values, year)
        reached = counter.at_least is not None and len(years) >= counter.at_least
        passed = counter.more_than is not None and len(years) > counter.more_than
        outcome: Outcome = "met" if reached or passed else "not_met"
        facts: dict[str, object] = {"counted": len(years), "years": years, "values": list(counter.values)}
        says, label = SAYS[outcome], counter.label
        message = Text(f"{says.zh}：{label.zh}", f"{says.en}: {label.en}")
        yield counter, years, Finding(name, counter.article, counter.words, facts, outcome, len(years), message)
