"""Keeping roster's numbers, and answering at once whether a plan's posts are free (R1)."""

from collections.abc import Mapping
from uuid import UUID

from contracts.roster import HeadcountChanged
from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.recruitment.headcount import queries, rules
from services.recruitment.headcount.tables import KnownHeadcount

CEILING_LEVEL = "headcount.ceiling_level"


async def keep(tx: Transaction, told: HeadcountChanged) -> None:
    """Store the numbers of a unit as they stand."""
    row = KnownHeadcount(
        tenant_id=tx.tenant,
        unit_id=UUID(told.unit_id),
        unit_no=told.unit_no,
        level=told.level,
        fixed=told.fixed,
        occupied=told.occupied,
        reserved=told.reserved,
        ranges=told.ranges,
    )
    await queries.keep(tx, row)


async def check(tx: Transaction, pack: Pack, asked: Mapping[UUID, int], reason: str | None) -> list[Finding] | None:
    """The findings on the posts asked for by community; None where the regulation sets no number.

    Raises `ParameterNotSet` for a community without a number, `RuleRefused` beyond a ceiling, or outside a norm that
    only warns while no reason is given.
    """
    figure = rules.norm(pack, tx.today)
    if figure is None:
        return None
    known = await queries.known(tx, asked)
    lines = []
    league = ""
    for unit in await _units(tx, asked):
        row = known.get(unit.id)
        fixed = row.fixed if row else None
        taken = row.occupied + row.reserved if row else 0
        ranges = tuple((least, most) for least, most in (row.ranges if row else None) or ())
        lines.append(rules.Asked(unit.title, asked[unit.id], fixed, max(0, (fixed or 0) - taken), taken, ranges))
        if fixed is None and not league:
            league = await _league(tx, pack, unit)
    found = rules.check(pack, figure, lines, league, tx.today)
    rules.check_reason(found, reason)
    return found


async def refused(tx: Transaction, pack: Pack, unit_id: UUID, *, asked: int, free: int, fixed: int | None) -> Finding:
    """The finding on a community whose posts roster did not grant."""
    unit = await org.unit(tx, unit_id)
    figure = pack.parameter(rules.BEYOND, tx.today)
    return rules.finding(figure, rules.Asked(unit.title, asked, fixed, max(0, free)))


async def _units(tx: Transaction, asked: Mapping[UUID, int]) -> list[OrgUnit]:
    return sorted([await org.unit(tx, each) for each in asked], key=lambda unit: unit.unit_no)


async def _league(tx: Transaction, pack: Pack, unit: OrgUnit) -> str:
    level = pack.parameter(CEILING_LEVEL, tx.today)
    found = await org.ancestor(tx, unit.unit_no, level.text()) if level.state == "set" else None
    return found.title if found else ""
