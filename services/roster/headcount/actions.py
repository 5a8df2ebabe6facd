"""Keeping count of posts: fixed by decision, reserved for plans, claimed by hires, taken by people (NM-5, NM-6; R1).

Whoever changes a number first holds the rows of the units concerned, so of two plans for the last seats one comes
second and finds them gone. The numbers as they stand then are published, once, where they changed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from contracts.recruitment import Hired, PlanAsksForPosts, PlanEnded
from contracts.roster import HeadcountChanged, HeadcountReserved, PostLeft, PostTaken
from kernel.clock import SHANGHAI
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.outbox import audit, emit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from kernel.schedule.actions import at
from services.roster.headcount import queries, rules
from services.roster.headcount.schemas import ApartView, HeadcountView, SpanView
from services.roster.headcount.tables import Claim, FixedPosts, Reservation, Seat

FALLS_DUE = "roster.headcount.falls_due"
"""Kind of the timer at the first moment of a day on which a number changes by itself."""


async def shown(
    tx: Transaction, paging: Paging, *, level: str | None, unit_id: UUID | None, on: date | None
) -> Page[HeadcountView]:
    """The numbers of the scope on a day, of one level or of all that are fixed or filled; below `unit_id` if named."""
    day = on or tx.today
    pack = await org.pack(tx, day)
    within = None
    if unit_id is not None:
        unit = await org.unit_in_scope(tx, unit_id)
        within = (unit.unit_no, unit.last_no)
    levels = [level] if level else rules.levels(pack, day)
    counted = rules.counted(pack, day)
    page = await queries.page(tx, paging, levels=levels, within=within, on=day, counted=counted)
    return Page[HeadcountView](items=await _with_people(tx, pack, page.items, day), next=page.next)


async def _with_people(tx: Transaction, pack: Pack, views: Sequence[HeadcountView], on: date) -> list[HeadcountView]:
    """Of communities: who takes no post there, and what the members of the two committees leave to hire (SH-5)."""
    communities = [each.unit_id for each in views if each.level == rules.COMMUNITY]
    known = await queries.persons(tx, communities, on) if communities else {}
    categories = rules.members(pack, on)
    made = []
    for view in views:
        if view.level != rules.COMMUNITY:
            made.append(view)
            continue
        people = known.get(view.unit_id, {})
        members = None if categories is None else sum(people.get(each, 0) for each in categories)
        to_hire = None
        if members is not None and view.ranges is not None:
            to_hire = [
                SpanView(least=max(0, each.least - members), most=max(0, each.most - members)) for each in view.ranges
            ]
        apart = [ApartView.model_validate(each) for each in rules.apart(pack, people, on)]
        made.append(view.model_copy(update={"members": members, "to_hire": to_hire, "apart": apart}))
    return made


async def fix(
    tx: Transaction,
    pack: Pack,
    numbers: Sequence[tuple[OrgUnit, int]],
    valid_from: date,
    *,
    document: str | None = None,
    basis_id: UUID | None = None,
    ranges: Sequence[tuple[int, int]] | None = None,
) -> None:
    """Store numbers of posts that hold from a day on, and publish what changes today. Checks are the caller's.

    ranges: the numbers (least, most) between which the norm leaves the choice; then a number is the largest of them.
    """
    units = [unit for unit, _ in numbers]
    held = await hold(tx, pack, units)
    for unit, posts in numbers:
        row = FixedPosts(
            tenant_id=tx.tenant,
            id=new_id(),
            unit_no=unit.unit_no,
            unit_id=unit.id,
            level=unit.level,
            posts=posts,
            valid_from=valid_from,
            document=document,
            basis_id=basis_id,
            ranges=None if ranges is None else [list(each) for each in ranges],
            decided_at=tx.now,
            decided_by_post=tx.context.actor.post,
            pack_id=pack.id,
            pack_version=pack.version,
        )
        tx.session.add(row)
        facts = {"unit_id": str(unit.id), "posts": posts, "valid_from": valid_from.isoformat()}
        await audit(tx, "roster.headcount.fix", subject_type="headcount", subject_id=unit.id, facts=facts)
    await tx.session.flush()
    await _publish(tx, pack, held)
    await _watch(tx, [held[unit.id] for unit in units], valid_from)


async def hold(tx: Transaction, pack: Pack, units: Sequence[OrgUnit]) -> dict[UUID, queries.Place]:
    """Lock the numbers of these units, and of those above them whose totals they are part of; answers them all."""
    return await _hold(tx, pack, [unit.id for unit in units])


async def _hold(tx: Transaction, pack: Pack, unit_ids: Sequence[UUID]) -> dict[UUID, queries.Place]:
    held = await queries.held(tx, unit_ids, rules.summed_level(pack, tx.today))
    if not held.keys() >= set(unit_ids):
        raise NotFound
    return held


async def refresh(tx: Transaction, pack: Pack, units: Sequence[OrgUnit]) -> None:
    """Bring the published numbers of these units to what stands today."""
    await _publish(tx, pack, await hold(tx, pack, units))


async def _publish(tx: Transaction, pack: Pack, held: Collection[UUID]) -> None:
    article = rules.article(pack, tx.today)
    for row in await queries.publish(tx, list(held), tx.today, rules.counted(pack, tx.today)):
        changed = HeadcountChanged(
            unit_id=str(row.unit_id),
            unit_no=row.unit_no,
            level=row.level,
            fixed=row.fixed,
            occupied=row.occupied,
            reserved=row.reserved,
            article=article,
            ranges=row.ranges,
        )
        tx.position(await emit(tx, changed, aggregate_id=row.unit_id, unit_no=row.unit_no))


async def _watch(tx: Transaction, units: Sequence[queries.Place], effective: date) -> None:
    """Publish the numbers of these units again on the day a change takes effect."""
    if effective > tx.today:
        due = datetime.combine(effective, time(), SHANGHAI).astimezone(UTC)
        for unit in units:
            await at(tx, FALLS_DUE, due, unit_no=unit.unit_no, payload={"unit": str(unit.id)})


async def fall_due(tx: Transaction, payload: Mapping[str, Any]) -> None:
    """A number takes effect today, or a post ended yesterday: publish what stands now."""
    await refresh(tx, await org.pack(tx), [await org.unit(tx, UUID(payload["unit"]))])


# reservations


async def reserve(tx: Transaction, asked: PlanAsksForPosts) -> None:
    """Keep all the posts that a plan asks for, or none, and answer which; a request told again changes nothing."""
    plan_id = UUID(asked.plan_id)
    if await queries.reservations(tx, plan_id, asked.round, lock=False):
        return
    wanted: dict[UUID, int] = {}
    for unit_id, posts in zip(asked.unit_ids, asked.posts, strict=True):
        wanted[UUID(unit_id)] = wanted.get(UUID(unit_id), 0) + posts
    units = [await org.unit(tx, each) for each in wanted]
    pack = await org.pack(tx)
    held = await hold(tx, pack, units)
    lines = [
        rules.Asked(view.unit_id, wanted[view.unit_id], view.fixed, view.occupied, view.reserved)
        for view in await queries.numbers(tx, list(wanted), tx.today, rules.counted(pack, tx.today))
    ]
    lacking = rules.first_lacking(lines, pack, tx.today)
    if lacking is None:
        for unit in units:
            tx.session.add(
                Reservation(
                    tenant_id=tx.tenant,
                    plan_id=plan_id,
                    round=asked.round,
                    unit_id=unit.id,
                    unit_no=unit.unit_no,
                    posts=wanted[unit.id],
                    granted_on=tx.today,
                )
            )
        await tx.session.flush()
        await _publish(tx, pack, held)
    await _answer(tx, pack, asked, lines, lacking)


async def _answer(
    tx: Transaction, pack: Pack, asked: PlanAsksForPosts, lines: Sequence[rules.Asked], lacking: rules.Asked | None
) -> None:
    line = lacking or lines[0]
    answer = HeadcountReserved(
        plan_id=asked.plan_id,
        granted=lacking is None,
        unit_id=str(line.unit),
        asked=line.posts,
        free=line.free,
        article=rules.article(pack, tx.today, fixed=line.fixed is not None),
        round=asked.round,
        fixed=line.fixed,
    )
    await emit(tx, answer, aggregate_id=UUID(asked.plan_id))
    facts = {"granted": answer.granted, "unit_id": answer.unit_id, "asked": answer.asked, "free": answer.free}
    plan_id = UUID(asked.plan_id)
    await audit(tx, "roster.headcount.reserve", subject_type="plan", subject_id=plan_id, facts=facts)


async def release(tx: Transaction, ended: PlanEnded) -> None:
    """Give back what a plan kept and did not fill. Posts whose hire is still on its way stay kept for it."""
    plan_id = UUID(ended.plan_id)
    filled = dict(zip(map(UUID, ended.unit_ids), ended.filled, strict=True))
    seen = await queries.reservations(tx, plan_id, ended.round, lock=False)
    if not seen or any(each.released_on is not None for each in seen):
        return
    pack = await org.pack(tx)
    held = await _hold(tx, pack, [each.unit_id for each in seen])
    given_back = 0
    for row in await queries.reservations(tx, plan_id, ended.round):
        row.released = row.posts - max(row.consumed, min(row.posts, filled.get(row.unit_id, 0)))
        row.released_on = tx.today
        given_back += row.released
    await tx.session.flush()
    await _publish(tx, pack, held)
    facts = {"why": ended.why, "posts": given_back}
    await audit(tx, "roster.headcount.release", subject_type="plan", subject_id=plan_id, facts=facts)


async def consume(tx: Transaction, hired: Hired, *, enrolled: bool) -> None:
    """Pass one reserved post of the plan to the person hired, who holds it until the first day in post.

    Where none is left the person counts on top, and the community shows as over: a hire is never undone by a
    number. `enrolled` False: the person was erased meanwhile, so the post falls free at once.
    """
    application_id, unit_id = UUID(hired.application_id), UUID(hired.community_unit_id)
    if await queries.claim(tx, application_id) is not None:
        return
    pack = await org.pack(tx)
    held = await _hold(tx, pack, [unit_id])
    unit = held[unit_id]
    kept = await queries.reservations(tx, UUID(hired.plan_id))
    source = next((row for row in kept if row.unit_id == unit_id and row.posts > row.consumed + row.released), None)
    if source is not None:
        source.consumed += 1
    claim = Claim(
        tenant_id=tx.tenant,
        application_id=application_id,
        unit_no=unit.unit_no,
        unit_id=unit.id,
        person_id=UUID(hired.person_id),
        plan_id=UUID(hired.plan_id),
        round=source.round if source else None,
        claimed_on=date.fromisoformat(hired.decided_on),
        ended_on=None if enrolled else tx.today,
    )
    tx.session.add(claim)
    await tx.session.flush()
    await _publish(tx, pack, held)


# seats


async def occupy(tx: Transaction, taken: PostTaken) -> None:
    """A post was taken: its seat is occupied, and no longer reserved where the person was hired for it."""
    unit_id, from_day = UUID(taken.community_unit_id), date.fromisoformat(taken.valid_from)
    pack = await org.pack(tx)
    waiting = await queries.waiting_claims(tx, UUID(taken.person_id))
    claim = next((each for each in waiting if each.unit_id == unit_id), waiting[0] if waiting else None)
    unit_ids = [unit_id]
    if claim is not None and claim.unit_id != unit_id:
        unit_ids.append(claim.unit_id)
    held = await _hold(tx, pack, unit_ids)
    unit = held[unit_id]
    seat = Seat(
        tenant_id=tx.tenant,
        post_id=UUID(taken.post_id),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        dossier_id=UUID(taken.dossier_id),
        person_id=UUID(taken.person_id),
        category=taken.category,
        period=days(from_day, None),
    )
    if not await queries.take(tx, seat):
        return
    if claim is not None:
        await queries.end_claim(tx, claim.application_id, max(from_day, claim.claimed_on))
    await _publish(tx, pack, held)
    await _watch(tx, [held[each] for each in unit_ids], from_day)


async def vacate(tx: Transaction, left: PostLeft) -> None:
    """A post was left: its seat is free from that day on. `NotFound` where it was never told as taken."""
    seat = await queries.seat(tx, UUID(left.post_id))
    if seat is None:
        raise NotFound(cause="a post was left that was never taken")
    until = date.fromisoformat(left.valid_before)
    pack = await org.pack(tx)
    held = await _hold(tx, pack, [seat.unit_id])
    seat.period = Range(seat.period.lower, until, bounds="[)")
    await tx.session.flush()
    await _publish(tx, pack, held)
    await _watch(tx, [held[seat.unit_id]], until)


# reorganisation


async def follow_tree(tx: Transaction, merged: Sequence[tuple[UUID, UUID]], on: date, document: str) -> None:
    """Units were numbered anew or merged (closed, successor): publish what stands now, below whom it stands now.

    The number fixed for a closed unit is added to its successor's from that day on, where both have one, under the
    decision that merged them: the posts stay the same together, so nothing is granted and no ceiling is passed. Where
    one of them has none the successor keeps its own, and the office that fixes numbers decides.
    """
    pack = await org.pack(tx)
    counted, day = rules.counted(pack, tx.today), max(on, tx.today)
    for closed_id, into_id in merged:
        closed, into = await org.unit(tx, closed_id), await org.unit(tx, into_id)
        fixed = {each.unit_id: each.fixed for each in await queries.numbers(tx, [closed_id, into_id], day, counted)}
        closed_posts, into_posts = fixed.get(closed_id), fixed.get(into_id)
        if closed_posts is not None and into_posts is not None:
            together = [(closed, 0), (into, closed_posts + into_posts)]
            await fix(tx, pack, together, day, document=document)
    level = rules.summed_level(pack, tx.today)
    units = [await org.unit(tx, unit_id) for unit_id in await queries.published(tx, level)]
    units.extend([await org.unit(tx, unit_id) for pair in merged for unit_id in pair])
    await refresh(tx, pack, sorted(units, key=lambda unit: unit.unit_no))
