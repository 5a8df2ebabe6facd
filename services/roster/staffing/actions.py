"""Recording a population, fixing totals, and taking numbers per community through their approval (NM-5, NM-6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, NotFound, Text
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from services.roster.approvals import approvals
from services.roster.headcount import actions as headcount
from services.roster.headcount import queries as headcount_queries
from services.roster.staffing import queries, rules
from services.roster.staffing.schemas import (
    NumberBody,
    NumberView,
    PopulationBody,
    PopulationView,
    ProposalBody,
    ProposalView,
    ShareView,
    SpreadView,
    TotalsBody,
    TotalsView,
)
from services.roster.staffing.tables import Population, Proposal

# population


async def record_population(tx: Transaction, body: PopulationBody) -> PopulationView:
    """Record the population of the acting post's unit; it holds once its approval has passed.

    Raises `Forbidden` for a unit of another level, `InvalidInput` for parts that do not add up, `NotRegulated` where
    the regulation has no such norm.
    """
    pack = await org.pack(tx)
    unit = await _acting_unit(tx)
    rules.check_level(pack.parameter(rules.CEILING_LEVEL, tx.today), unit.level, pack)
    rules.ceiling_of(pack, body.population, tx.today)
    parts = [(each.unit_id, each.population) for each in body.parts]
    known = await _totalled(tx, pack, unit) if parts else []
    rules.check_parts(body.population, parts, [each.id for each in known])
    row = Population(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        year=body.year,
        population=body.population,
        source=body.source,
        parts=[{"unit_id": str(unit_id), "population": number} for unit_id, number in parts],
        valid_from=body.valid_from,
        state="open",
        proposed_at=tx.now,
        proposed_by_post=tx.context.actor.post,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"year": body.year, "population": body.population, "valid_from": body.valid_from.isoformat()}
    await audit(tx, "roster.staffing.population", subject_type="population", subject_id=row.id, facts=facts)
    case = await approvals.open(
        tx,
        workflow=rules.POPULATION,
        subject_type="population",
        subject_id=row.id,
        subject_unit_no=unit.unit_no,
        facts=facts | {"source": body.source},
    )
    if case is None:
        await _population_in_force(tx, row)
    else:
        row.case_id = case.id
    await tx.session.flush()
    return await population_view(tx, row)


async def population_decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case of a population figure to its end."""
    row = await queries.get(tx, Population, case.subject_id, lock=True)
    if row.state != "open":
        return
    if case.state == "approved":
        await _population_in_force(tx, row)
    else:
        row.state = case.state
        row.version += 1
    await tx.session.flush()


async def _population_in_force(tx: Transaction, row: Population) -> None:
    row.state = "in_force"
    row.version += 1
    pack = await org.pack(tx)
    unit = await org.unit(tx, row.unit_id)
    posts = rules.ceiling_of(pack, row.population, tx.today)
    await headcount.fix(tx, pack, [(unit, posts)], row.valid_from, document=row.source, basis_id=row.id)


async def population_view(tx: Transaction, row: Population) -> PopulationView:
    """A population figure with the ceiling that follows from it."""
    pack = await org.pack(tx)
    state = "returned" if await queries.returned(tx, row) else row.state
    ceiling = rules.ceiling_of(pack, row.population, tx.today)
    return PopulationView.model_validate(row.model_dump() | {"state": state, "ceiling": ceiling})


async def population(tx: Transaction, population_id: UUID) -> PopulationView:
    """One population figure; `NotFound` outside the scope."""
    return await population_view(tx, await queries.get(tx, Population, population_id))


async def populations(tx: Transaction, paging: Paging) -> Page[PopulationView]:
    """Population figures of the scope, newest first."""
    rows, following = await queries.page(tx, paging, Population)
    return Page[PopulationView](items=[await population_view(tx, row) for row in rows], next=following)


# totals


async def spread(tx: Transaction, unit_id: UUID | None, on: date | None) -> SpreadView:
    """How the ceiling would spread over the counties by largest remainder; nothing is stored.

    Raises `ParameterNotSet` where no population holds on the day, or none by county.
    """
    day = on or tx.today
    pack = await org.pack(tx, day)
    unit = await org.unit_in_scope(tx, unit_id) if unit_id else await _acting_unit(tx)
    row = await queries.population_on(tx, unit.id, day)
    rules.check_spreadable(pack, unit.title, row is not None, bool(row and row.parts), day)
    if row is None:
        raise NotFound
    below = {each.id: each for each in await _totalled(tx, pack, unit)}
    people = {UUID(each["unit_id"]): int(each["population"]) for each in row.parts}
    claimants = [rules.Claimant(key, below[key].code, number) for key, number in people.items() if key in below]
    ceiling = rules.ceiling_of(pack, row.population, day)
    return SpreadView(
        unit_id=unit.id,
        on=day,
        year=row.year,
        source=row.source,
        population=row.population,
        ceiling=ceiling,
        items=[
            ShareView(
                unit_id=each.key,
                code=below[each.key].code,
                title=below[each.key].title,
                population=each.population,
                own_floor=each.own_floor,
                posts=each.posts,
                above_own_floor=each.above_own_floor,
            )
            for each in rules.shares(pack, ceiling, claimants, day)
        ],
    )


async def fix_totals(tx: Transaction, body: TotalsBody) -> TotalsView:
    """Fix totals of counties of the acting post's unit (NM-6), all at once.

    Raises `RuleRefused` with the numbers where they add up to more than the ceiling on that day or a later one, or
    where one falls below what its communities have; `ParameterNotSet` while no population was recorded.
    """
    pack = await org.pack(tx)
    league = await _acting_unit(tx)
    rules.check_level(pack.parameter(rules.CEILING_LEVEL, tx.today), league.level, pack)
    counties = await _check_totals(tx, pack, league, body.items, body.valid_from)
    await headcount.fix(tx, pack, counties, body.valid_from, document=body.document)
    lines = await _lines(tx, league, counties[0][0].level)
    ceilings = (await _lines(tx, league, league.level)).get(league.id, [])
    return TotalsView(
        unit_id=league.id,
        valid_from=body.valid_from,
        ceiling=rules.standing(ceilings, body.valid_from) or 0,
        sum=sum(rules.standing(line, body.valid_from) or 0 for line in lines.values()),
        items=[NumberView(unit_id=unit.id, posts=posts) for unit, posts in counties],
    )


async def _check_totals(
    tx: Transaction, pack: Pack, league: OrgUnit, items: Sequence[NumberBody], valid_from: date
) -> list[tuple[OrgUnit, int]]:
    counties = await _named(tx, league, items, pack.parameter(rules.TOTAL_LEVEL, tx.today).text())
    # The league's row first: of two that fix totals at the same time the second counts the first's.
    await headcount.hold(tx, pack, [league, *(unit for unit, _ in counties)])
    before = await _lines(tx, league, counties[0][0].level)
    after = _with(before, counties, valid_from)
    ceilings = (await _lines(tx, league, league.level)).get(league.id, [])
    rules.refuse_over_ceiling(pack, rules.excess_of_parts(before, after, ceilings, valid_from), league.title)
    for county, _ in counties:
        parts = await _lines(tx, county, "community")
        below = rules.excess_of_limit(parts, before.get(county.id, []), after[county.id], valid_from)
        rules.refuse_over_total(pack, below, county.title)
    return counties


# numbers that are proposed: of communities, and totals of counties


async def propose(tx: Transaction, body: ProposalBody) -> ProposalView:
    """Propose numbers for communities, or totals for counties, of the acting post's unit (NM-6).

    The numbers hold once approved; totals as the approver of the same office fixes them (核定), proposed or not.
    Raises `RuleRefused` with the numbers where they would add up to more than the fixed total or the ceiling,
    `ParameterNotSet` while none is fixed, `InvalidInput` for a unit elsewhere.
    """
    pack = await org.pack(tx)
    unit = await _acting_unit(tx)
    workflow = rules.workflow_at(pack, unit.level, tx.today)
    named = await _check_numbers(tx, pack, unit, body.items, body.valid_from)
    row = Proposal(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        valid_from=body.valid_from,
        reason=body.reason,
        items=_as_json(body.items),
        state="open",
        proposed_at=tx.now,
        proposed_by_post=tx.context.actor.post,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _proposed(tx, row)
    case = await approvals.open(
        tx,
        workflow=workflow,
        subject_type="headcount_proposal",
        subject_id=row.id,
        subject_unit_no=unit.unit_no,
        facts=rules.facts_of(workflow, body.valid_from, {each.code: each.title for each, _ in named}),
    )
    if case is None:
        await _numbers_in_force(tx, row)
    else:
        row.case_id = case.id
    await tx.session.flush()
    return await queries.proposal_view(tx, row)


async def proposal(tx: Transaction, proposal_id: UUID) -> ProposalView:
    """One proposal; `NotFound` outside the scope."""
    return await queries.proposal_view(tx, await queries.get(tx, Proposal, proposal_id))


async def proposals(tx: Transaction, paging: Paging) -> Page[ProposalView]:
    """Proposals of the scope, newest first."""
    rows, following = await queries.page(tx, paging, Proposal)
    return Page[ProposalView](items=[await queries.proposal_view(tx, row) for row in rows], next=following)


async def correct(tx: Transaction, proposal_id: UUID, body: ProposalBody, version: int) -> ProposalView:
    """Replace a proposal that was returned; it is submitted again in its case. Refusals as of `propose`."""
    row = await queries.get(tx, Proposal, proposal_id, lock=True)
    check_version(row.version, version)
    rules.check_returned(await queries.returned(tx, row))
    pack = await org.pack(tx)
    unit = await org.unit(tx, row.unit_id)
    if rules.workflow_at(pack, unit.level, tx.today) == rules.TOTALS:
        rules.check_same_units([UUID(each["unit_id"]) for each in row.items], [each.unit_id for each in body.items])
    await _check_numbers(tx, pack, unit, body.items, body.valid_from)
    row.valid_from, row.reason, row.items = body.valid_from, body.reason, _as_json(body.items)
    row.version += 1
    await tx.session.flush()
    await _proposed(tx, row)
    return await queries.proposal_view(tx, row)


async def proposal_decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case of a proposal to its end. The total is counted again: it may have been lowered meanwhile."""
    row = await queries.get(tx, Proposal, case.subject_id, lock=True)
    if row.state != "open":
        return
    if case.state == "approved":
        await _take_figures(tx, row, {name: posts for step in case.steps for name, posts in step.figures.items()})
        await _numbers_in_force(tx, row)
    else:
        row.state = case.state
        row.version += 1
    await tx.session.flush()


async def _take_figures(tx: Transaction, row: Proposal, figures: Mapping[str, int]) -> None:
    """Have what was fixed (核定) stand in place of what was proposed; the figures are named by codes of units."""
    if figures:
        codes = {each["unit_id"]: (await org.unit(tx, UUID(each["unit_id"]))).code for each in row.items}
        row.items = [{"unit_id": unit, "posts": figures[code]} for unit, code in codes.items()]


async def _numbers_in_force(tx: Transaction, row: Proposal) -> None:
    pack = await org.pack(tx)
    items = [NumberBody.model_validate(each) for each in row.items]
    named = await _check_numbers(tx, pack, await org.unit(tx, row.unit_id), items, row.valid_from)
    row.state = "in_force"
    row.version += 1
    await headcount.fix(tx, pack, named, row.valid_from, basis_id=row.id)


async def _check_numbers(
    tx: Transaction, pack: Pack, county: OrgUnit, items: Sequence[NumberBody], valid_from: date
) -> list[tuple[OrgUnit, int]]:
    if rules.workflow_at(pack, county.level, tx.today) == rules.TOTALS:
        return await _check_totals(tx, pack, county, items, valid_from)
    named = await _named(tx, county, items, "community")
    await headcount.hold(tx, pack, [county, *(unit for unit, _ in named)])
    before = await _lines(tx, county, "community")
    total = (await _lines(tx, county, county.level)).get(county.id, [])
    found = rules.excess_of_parts(before, _with(before, named, valid_from), total, valid_from)
    rules.refuse_over_total(pack, found, county.title)
    return named


async def _proposed(tx: Transaction, row: Proposal) -> None:
    facts = {"valid_from": row.valid_from.isoformat(), "units": len(row.items)}
    await audit(tx, "roster.staffing.propose", subject_type="headcount_proposal", subject_id=row.id, facts=facts)


# what they share


async def _acting_unit(tx: Transaction) -> OrgUnit:
    if tx.context.actor.unit_no is None:
        raise Forbidden(Text("请以岗位身份办理", "Act in a post: numbers belong to its unit."))
    return await org.unit_by_no(tx, tx.context.actor.unit_no)


async def _totalled(tx: Transaction, pack: Pack, unit: OrgUnit) -> list[OrgUnit]:
    level = pack.parameter(rules.TOTAL_LEVEL, tx.today).text()
    return await headcount_queries.units_below(tx, unit.unit_no, unit.last_no, level)


async def _named(tx: Transaction, above: OrgUnit, items: Sequence[NumberBody], level: str) -> list[tuple[OrgUnit, int]]:
    """The units that are named, each once and of that level under `above`; any other answers as not subordinate."""
    rules.check_items([each.unit_id for each in items])
    known = {each.id: each for each in await headcount_queries.units_below(tx, above.unit_no, above.last_no, level)}
    strange = [index for index, each in enumerate(items) if each.unit_id not in known]
    if strange:
        message = Text("不是所辖单位", "Not a subordinate unit of this kind.")
        raise InvalidInput(errors=[FieldError(f"/items/{index}/unit_id", message) for index in strange])
    return [(known[each.unit_id], each.posts) for each in items]


async def _lines(tx: Transaction, above: OrgUnit, level: str) -> dict[UUID, list[rules.Dated]]:
    lines: dict[UUID, list[rules.Dated]] = defaultdict(list)
    for each in await headcount_queries.figures(tx, above.unit_no, above.last_no, level):
        lines[each.unit_id].append(rules.Dated(each.valid_from, str(each.id), each.posts))
    return dict(lines)


def _with(
    lines: dict[UUID, list[rules.Dated]], numbers: Iterable[tuple[OrgUnit, int]], valid_from: date
) -> dict[UUID, list[rules.Dated]]:
    made = {unit.id: [*lines.get(unit.id, []), rules.Dated(valid_from, "~", posts)] for unit, posts in numbers}
    return lines | made


def _as_json(items: Sequence[NumberBody]) -> list[dict[str, object]]:
    return [{"unit_id": str(each.unit_id), "posts": each.posts} for each in items]
