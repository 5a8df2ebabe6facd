"""Keeping the yearly needs of a person true to the posts held (NM-20, SH-27)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.clock import midnight
from kernel.context import Scope
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from kernel.schedule.actions import at
from kernel.simulation.probes import Asked, Batch, Changed
from services.training.hours import queries as ledger
from services.training.need import actions as needs
from services.training.need import queries as need_queries
from services.training.need.tables import Need
from services.training.worker import actions as posts_held
from services.training.worker import queries as workers
from services.training.worker.schemas import PostView
from services.training.yearly import rules
from services.training.yearly.schemas import ComplianceView, UnitCompliance

NEW_YEAR = "training.new_year"
"""Timer of one person at the start of a year: whoever is still in post owes the hours of that year."""


async def take_post(tx: Transaction, news: dict[str, object], category: str) -> None:
    """Note a post taken; it opens the need of the present year and may raise one that stands.

    Who serves part-time fills a seat and is no community worker (SH-2): nothing is owed.
    """
    pack = await org.pack(tx)
    known = pack.document.categories.get(category)
    if known is not None and not known.full_time:
        return
    post = await posts_held.take_post(tx, news)
    await review(tx, post.person_id, open_year=tx.today.year, pack=pack)


async def leave_post(tx: Transaction, person_id: UUID, post_id: UUID, valid_before: date) -> None:
    """Note that a post is held no longer; a year in which none was held owes nothing."""
    await posts_held.leave_post(tx, post_id, valid_before)
    await review(tx, person_id)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year of one person: all posts, all needs that stand, and the day and the pack by which it is judged."""

    person_id: UUID
    posts: list[PostView]
    held: list[rules.Held]
    needs: list[Need]
    year: int
    day: date
    pack: Pack


async def review(tx: Transaction, person_id: UUID, *, open_year: int | None = None, pack: Pack | None = None) -> None:
    """Bring every yearly need of the person to what the posts ask; open the one of `open_year` where it is new.

    A year entered later than it ended is judged only where its need was opened in time: what was learnt before the
    worker was known here stands in no ledger. pack: the one in force today, where the caller has read it.
    """
    await needs.lock_person(tx, person_id)
    posts = await workers.of_person(tx, person_id)
    held = [rules.Held(post.role, post.valid_from, post.valid_before) for post in posts]
    known = await needs.of_person(tx, person_id)
    years = needs.years_of(known)
    if open_year is not None:
        years.add(open_year)
    for year in sorted(years):
        day = min(max(tx.today, rules.first_day(year)), rules.last_day(year))
        of_day = pack if pack is not None and day == tx.today else await org.pack(tx, day)
        await _review_year(tx, _Year(person_id, posts, held, known, year, day, of_day))
    known.sort(key=lambda need: need.id)
    await needs.reckon(tx, known, await ledger.attended(tx, person_id))


async def _review_year(tx: Transaction, of: _Year) -> None:
    await _review_induction(tx, of)
    owed = rules.owed(of.pack, of.held, of.year, of.day)
    if owed is None:
        await needs.lapse(tx, of.needs, of.year)
        return
    terms = needs.YearTerms(
        person_id=of.person_id,
        unit_no=_unit_no(of.posts, of.year),
        year=of.year,
        hours=owed.hours,
        forms=owed.forms,
        article=owed.article,
        pack_id=of.pack.id,
        pack_version=of.pack.version,
        role=owed.role,
        part_year=owed.part_year,
        apart=owed.apart,
        every_years=owed.every_years,
        since=owed.since,
    )
    if await needs.put_year(tx, of.needs, terms):
        await _watch_new_year(tx, terms)


async def _watch_new_year(tx: Transaction, terms: needs.YearTerms) -> None:
    payload = {"person": str(terms.person_id), "year": terms.year + 1}
    await at(tx, NEW_YEAR, midnight(rules.first_day(terms.year + 1)), unit_no=terms.unit_no, payload=payload)


async def _review_induction(tx: Transaction, of: _Year) -> None:
    """The hours of somebody newly appointed in the year: an open duty, which bars no post (SH-27)."""
    owed = rules.induction(of.pack, of.held, of.year, of.day)
    if owed is None:
        await needs.lapse(tx, of.needs, of.year, "induction")
        return
    terms = needs.YearTerms(
        person_id=of.person_id,
        unit_no=_unit_no(of.posts, of.year),
        year=of.year,
        hours=owed.hours,
        forms=owed.forms,
        article=owed.article,
        pack_id=of.pack.id,
        pack_version=of.pack.version,
        role=owed.role,
        part_year=False,
        apart=False,
        every_years=None,
        since=owed.since,
        kind="induction",
    )
    if await needs.put_year(tx, of.needs, terms):
        # The year itself may ask nothing beside it, and the next one does.
        await _watch_new_year(tx, terms)


def _unit_no(posts: list[PostView], year: int) -> int:
    # The community of the post taken last: after a transfer it is the new one that trains.
    return [post for post in posts if post.valid_from <= rules.last_day(year)][-1].unit_no


async def under_draft(tx: Transaction, asked: Asked) -> Batch:
    """Who of the next people would newly fall short of the year's hours under a draft, or no longer (P6)."""
    people = await workers.of_holders(tx, asked.on, asked.after, asked.limit)
    needs_of = await need_queries.of_year(tx, people, asked.on.year)
    changed = []
    for person_id, posts in people.items():
        need = needs_of.get(person_id)
        credited = need.credited_hours if need else Decimal(0)
        held = [rules.Held(post.role, post.valid_from, post.valid_before) for post in posts]
        owed = rules.owed(asked.draft, held, asked.on.year, asked.on)
        before = rules.standing(need.required_hours if need else None, credited)
        after = rules.standing(owed.hours if owed else None, credited)
        if before != after:
            unit_no = _unit_no(posts, asked.on.year)
            changed.append(Changed(person_id, unit_no, before, after, owed.article if owed else None))
    last = max(people, default=None)
    return Batch(len(people), changed, last if len(people) == asked.limit else None)


async def compliance(
    tx: Transaction, paging: Paging, *, year: int | None, unit_id: UUID | None, short: bool | None
) -> Page[ComplianceView]:
    """The yearly needs of the scope, or below one unit of it, as they stand on the business day."""
    asked, day, scope = await _asked(tx, year, unit_id)
    warned_from = rules.warning_on(await org.pack(tx, day), asked, day)
    holders = workers.holders(day)
    rows, following = await need_queries.year(tx, paging, asked, scope, holders, short=short)
    roles = await workers.in_post(tx, [row.person_id for row in rows], day)
    units = await org.units_by_no(tx, {row.unit_no for row in rows})
    items = []
    for row in rows:
        held = roles.get(row.person_id, [])
        missing = max(row.required_hours - row.credited_hours, Decimal(0))
        lacks = bool(held) and (missing > 0 or row.train_by is not None)
        unit = units[row.unit_no]
        items.append(
            ComplianceView(
                need_id=row.id,
                person_id=row.person_id,
                unit_id=unit.id,
                unit_no=row.unit_no,
                unit_title=unit.title,
                year=asked,
                roles=held,
                role=row.role,
                in_post=bool(held),
                part_year=row.part_year,
                required_hours=row.required_hours,
                credited_hours=row.credited_hours,
                missing_hours=missing,
                every_years=row.every_years,
                trained_on=row.trained_on,
                train_by=row.train_by,
                short=lacks,
                stage=rules.stage(asked, tx.today, warned_from, short=lacks),
                warning_on=warned_from,
                article=row.article,
            )
        )
    return Page[ComplianceView](items=items, next=following)


async def by_unit(tx: Transaction, paging: Paging, *, year: int | None, unit_id: UUID | None) -> Page[UnitCompliance]:
    """The communities of the scope, or below one unit of it, with how many of their workers are short."""
    asked, day, scope = await _asked(tx, year, unit_id)
    sums, following = await need_queries.year_by_unit(tx, paging, asked, scope, workers.holders(day))
    units = await org.units_by_no(tx, {each.unit_no for each in sums})
    items = [
        UnitCompliance(
            unit_id=units[each.unit_no].id,
            unit_no=each.unit_no,
            unit_title=units[each.unit_no].title,
            year=asked,
            workers=each.workers,
            short=each.short,
            missing_hours=each.missing_hours,
        )
        for each in sums
    ]
    return Page[UnitCompliance](items=items, next=following)


async def _asked(tx: Transaction, year: int | None, unit_id: UUID | None) -> tuple[int, date, Scope]:
    """The year, the day on which it is looked at (today, or the nearest day of another year), and the units."""
    asked = year or tx.today.year
    day = min(max(tx.today, rules.first_day(asked)), rules.last_day(asked))
    if unit_id is None:
        return asked, day, tx.context.scope
    unit = await org.unit_in_scope(tx, unit_id)
    return asked, day, Scope(unit.unit_no, unit.last_no)
