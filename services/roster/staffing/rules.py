"""How many posts there may be, and who may fix how many (NM-5, NM-6). Pure; all counting is in whole numbers.

What the norm is, how it rounds and what happens beyond it stand in the pack: a regulation without norm has no ceiling
here and refuses nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.errors import FieldError, Forbidden, InvalidInput, ParameterNotSet, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.pack import Pack
from kernel.regulation.rounding import whole

PER_TEN_THOUSAND = "headcount.per_ten_thousand"
ROUNDING = "headcount.rounding"
CEILING_LEVEL = "headcount.ceiling_level"
TOTAL_LEVEL = "headcount.total_level"
TOTAL_FIXED_BY = "headcount.total_fixed_by"
POPULATION = "headcount_population"
TOTALS = "headcount_totals"
COMMUNITIES = "headcount_communities"
"""Workflows of the pack."""

TEN_THOUSAND = 10_000
"""万, the unit in which the norm itself is stated."""


def ceiling(population: int, per_ten_thousand: int, rounding: str) -> int:
    """The posts that a population carries, in whole numbers. `rounding`: floor, ceil or half_up."""
    return whole(population * per_ten_thousand, TEN_THOUSAND, rounding)


def ceiling_of(pack: Pack, population: int, on: date) -> int:
    """The ceiling under the regulation on that day; `ParameterNotSet` (`NotRegulated`) where it has no such norm."""
    rate = pack.parameter(PER_TEN_THOUSAND, on).integer()
    return ceiling(population, rate, pack.parameter(ROUNDING, on).text())


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's part of a total. `own_floor`: what its own population would carry by itself."""

    key: UUID
    population: int
    own_floor: int
    posts: int

    @property
    def above_own_floor(self) -> bool:
        """Whether the unit gets more than its own population carries, by the rest that others leave."""
        return self.posts > self.own_floor


@dataclass(frozen=True, slots=True)
class Claimant:
    """A unit that takes part in an allocation; `code` breaks ties, since no two units share one."""

    key: UUID
    code: str
    population: int


def allocate(total: int, claimants: Sequence[Claimant]) -> dict[UUID, int]:
    """Spread `total` by population: whole shares first, the rest to the largest remainders.

    Equal remainders go to the larger population, then to the smaller code; so the order of the input plays no part.
    The sum is exact, and nobody is a whole post away from the exact share.
    """
    everybody = sum(each.population for each in claimants)
    if everybody == 0:
        return dict.fromkeys((each.key for each in claimants), 0)
    quotas = {each.key: divmod(total * each.population, everybody) for each in claimants}
    ranked = sorted(claimants, key=lambda each: (-quotas[each.key][1], -each.population, each.code))
    rest = total - sum(whole for whole, _ in quotas.values())
    extra = {each.key for each in ranked[:rest]}
    return {key: whole + (key in extra) for key, (whole, _) in quotas.items()}


def shares(pack: Pack, total: int, claimants: Sequence[Claimant], on: date) -> list[Share]:
    """The allocation of `total` with each unit's own floor beside it, by code."""
    posts = allocate(total, claimants)
    return [
        Share(each.key, each.population, ceiling_of(pack, each.population, on), posts[each.key])
        for each in sorted(claimants, key=lambda each: each.code)
    ]


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A figure from a day on; `order` ranks decisions of the same day."""

    valid_from: date
    order: str
    posts: int


def standing(figures: Iterable[Dated], on: date) -> int | None:
    """The figure that holds on a day, None before the first."""
    held = [each for each in figures if each.valid_from <= on]
    return max(held).posts if held else None


Lines = Mapping[UUID, Sequence[Dated]]


@dataclass(frozen=True, slots=True)
class Excess:
    """The first day on which a sum would stand above its limit (None: no limit is set for that day)."""

    on: date
    total: int
    limit: int | None


def excess_of_parts(before: Lines, after: Lines, limit: Sequence[Dated], since: date) -> Excess | None:
    """Where new figures of parts would lift their sum above the limit, on `since` or any later day.

    A sum that was too high before and does not grow is no excess: it has to be brought down step by step.
    """
    for day in _days(since, [*after.values(), limit]):
        total, was, most = _sum(after, day), _sum(before, day), standing(limit, day)
        if most is None or (total > most and total > was):
            return Excess(day, total, most)
    return None


def excess_of_limit(parts: Lines, before: Sequence[Dated], after: Sequence[Dated], since: date) -> Excess | None:
    """Where a lowered limit would fall below the sum of its parts, on `since` or any later day."""
    for day in _days(since, [*parts.values(), after]):
        total, was, most = _sum(parts, day), standing(before, day), standing(after, day)
        if most is not None and total > most and (was is None or most < was):
            return Excess(day, total, most)
    return None


def _days(since: date, lines: Iterable[Sequence[Dated]]) -> list[date]:
    return sorted({since, *(each.valid_from for line in lines for each in line if each.valid_from > since)})


def _sum(lines: Lines, on: date) -> int:
    return sum(standing(line, on) or 0 for line in lines.values())


def refuse_over_ceiling(pack: Pack, found: Excess | None, league: str) -> None:
    """Raise `RuleRefused` with sum, ceiling and article; `ParameterNotSet` where no population figure holds."""
    if found is None:
        return
    rate = pack.parameter(PER_TEN_THOUSAND, found.on)
    if found.limit is None:
        raise ParameterNotSet(
            Text(
                f"{league}在 {found.on} 尚无生效的城镇常住人口数，不能核定总量",
                f"No population figure of {league} holds on {found.on}: record one first.",
            ),
            article=rate.article,
        )
    raise RuleRefused(
        Text(
            f"自 {found.on} 起各单位总量合计 {found.total} 人，超过{league}配备上限 {found.limit} 人",
            f"From {found.on} the totals add up to {found.total}, above the ceiling of {league}: {found.limit}.",
        ),
        article=rate.article,
        findings=[_finding("headcount.ceiling", rate, found)],
    )


def refuse_over_total(pack: Pack, found: Excess | None, county: str) -> None:
    """Raise `RuleRefused` where communities add up to more than the fixed total; `ParameterNotSet` without one."""
    if found is None:
        return
    fixed = pack.parameter(TOTAL_LEVEL, found.on)
    if found.limit is None:
        raise total_not_set(pack, county, found.on)
    raise RuleRefused(
        Text(
            f"自 {found.on} 起各社区人数合计 {found.total} 人，超过{county}核定总量 {found.limit} 人",
            f"From {found.on} the communities add up to {found.total}, above the total of {county}: {found.limit}.",
        ),
        article=fixed.article,
        findings=[_finding("headcount.total", fixed, found)],
    )


def total_not_set(pack: Pack, county: str, on: date) -> ParameterNotSet:
    """The problem of a county for which no total was fixed: silence is not zero."""
    by = pack.parameter(TOTAL_FIXED_BY, on)
    level = _level_name(pack, pack.parameter(CEILING_LEVEL, on).text())
    office = pack.department_name(by.text(), on)
    return ParameterNotSet(
        Text(
            f"{county}配备社区工作者的总量尚未核定（由{level.zh}{office}核定）",
            f"The total of {county} is not fixed; the {level.en} fixes it.",
        ),
        article=by.article,
    )


def _finding(rule: str, figure: Figure, found: Excess) -> dict[str, object]:
    return {
        "rule": rule,
        "article": figure.article,
        "words": figure.words,
        "facts": {"on": found.on.isoformat(), "sum": found.total, "limit": found.limit},
        "outcome": "not_met",
    }


def check_level(figure: Figure, level: str | None, pack: Pack) -> None:
    """Raise `Forbidden` unless the acting post's unit is of the level to which the regulation gives this."""
    named = figure.text()
    if level != named:
        name = _level_name(pack, named)
        raise Forbidden(Text(f"由{name.zh}办理", f"This is done by the {name.en}."))


def _level_name(pack: Pack, level: str) -> Text:
    names = {str(code): known.name for code, known in pack.document.levels.items()}
    return names[level].text() if level in names else Text(level, level)


def check_parts(population: int, parts: Sequence[tuple[UUID, int]], known: Iterable[UUID]) -> None:
    """Raise `InvalidInput` unless the parts are subordinate units, each once, and add up to the whole figure."""
    errors: list[FieldError] = []
    seen: set[UUID] = set()
    below = set(known)
    for index, (unit, _) in enumerate(parts):
        if unit not in below or unit in seen:
            errors.append(
                FieldError(
                    f"/parts/{index}/unit_id",
                    Text("不是所辖单位，或重复", "Not a subordinate unit, or named twice."),
                )
            )
        seen.add(unit)
    total = sum(each for _, each in parts)
    if parts and total != population:
        errors.append(
            FieldError(
                "/parts",
                Text(f"分项合计 {total}，与总数 {population} 不符", f"The parts add up to {total}, not {population}."),
            )
        )
    if errors:
        raise InvalidInput(errors=errors)


def check_spreadable(pack: Pack, league: str, known: bool, by_county: bool, on: date) -> None:
    """Raise `ParameterNotSet` unless a population holds on that day, with its parts by county."""
    if known and by_county:
        return
    missing = Text("分旗县人口数", "the population by county") if known else Text("人口数", "a population figure")
    raise ParameterNotSet(
        Text(f"{league}在 {on} 没有生效的{missing.zh}", f"{league} lacks {missing.en} on {on}."),
        article=pack.parameter(PER_TEN_THOUSAND, on).article,
    )


def workflow_at(pack: Pack, level: str, on: date) -> str:
    """The workflow of numbers that a unit of that level proposes: of communities, or totals of counties (NM-6).

    Raises `Forbidden` for a unit of another level.
    """
    if level == pack.parameter(TOTAL_LEVEL, on).text():
        return COMMUNITIES
    check_level(pack.parameter(CEILING_LEVEL, on), level, pack)
    return TOTALS


def facts_of(workflow: str, valid_from: date, units: Mapping[str, str]) -> dict[str, object]:
    """What deciders are shown of `units` (title by code); of totals also the figures to fix, one for each code."""
    facts: dict[str, object] = {"valid_from": valid_from.isoformat()}
    if workflow == COMMUNITIES:
        return facts | {"communities": len(units)}
    return facts | {"counties": list(units), "names": dict(units)}


def check_same_units(before: Sequence[UUID], after: Sequence[UUID]) -> None:
    """Raise `InvalidInput` where a correction names other units than the case asks to fix."""
    if set(before) != set(after):
        message = Text("不得更换已提交核定的单位，可撤回后重新提出", "Keep the units, or withdraw and propose anew.")
        raise InvalidInput(errors=[FieldError("/items", message)])


def check_returned(returned: bool) -> None:
    """Raise `WrongState` for a proposal that nobody returned: what others decide on does not change under them."""
    if not returned:
        raise WrongState(Text("只有被退回的方案可以修改", "Only a proposal that was returned is corrected."))


def check_items(units: Sequence[UUID]) -> None:
    """Raise `InvalidInput` for a unit named twice."""
    twice = [index for index, unit in enumerate(units) if unit in units[:index]]
    if twice:
        raise InvalidInput(
            errors=[
                FieldError(f"/items/{index}/unit_id", Text("单位重复", "This unit stands twice.")) for index in twice
            ]
        )
