"""Opening of needs and keeping them true to the ledger (NM-20, SH-27)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from contracts.training import HoursCredited, NeedChanged, NeedMet, NeedOpened
from kernel.context import EVERYTHING
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.event import Event
from kernel.events.outbox import audit, emit
from kernel.org import queries as org
from services.training.need import queries
from services.training.need.rules import (
    Balance,
    Round,
    Standing,
    balance,
    ended_since,
    of_year,
    pre_service,
    round_of,
    set_aside,
)
from services.training.need.schemas import NeedKind, NeedOpening
from services.training.need.tables import Need
from services.training.worker import queries as workers

STORED = Decimal("0.01")
"""Hours have so many places in the database."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person hired into a community, as the hire's event names them."""

    person_id: UUID
    application_id: UUID
    community_unit_no: int


async def open_pre_service(tx: Transaction, person: Newcomer) -> None:
    """Open the need of a person newly hired, where the regulation in force asks for hours before the post.

    Once per person, however often it is asked for.
    """
    await queries.lock_person(tx, person.person_id)
    pack = await org.pack(tx)
    owed = pre_service(pack, tx.today)
    if owed is None:
        return
    opening = NeedOpening(
        person_id=person.person_id,
        unit_no=person.community_unit_no,
        kind="pre_service",
        required_hours=owed.hours,
        forms=list(owed.forms),
        article=owed.article,
        opened_on=tx.today,
        application_id=person.application_id,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    await _open(tx, opening)


async def _open(tx: Transaction, opening: NeedOpening) -> Need | None:
    need = await queries.add(tx, opening)
    if need is None:
        return None
    await emit(
        tx,
        NeedOpened(
            person_id=str(need.person_id),
            kind=need.kind,
            cycle=need.cycle,
            required_hours=str(need.required_hours),
            forms=need.forms,
            community_unit_no=need.unit_no,
            article=need.article,
        ),
        aggregate_id=need.id,
        unit_no=need.unit_no,
    )
    facts = {
        "person_id": str(need.person_id),
        "kind": need.kind,
        "cycle": need.cycle,
        "required_hours": str(need.required_hours),
        "article": need.article,
    }
    await audit(tx, "training.need.open", subject_type="need", subject_id=need.id, facts=facts)
    return need


@dataclass(frozen=True, slots=True)
class YearTerms:
    """What one calendar year asks of a person, as the posts held and the pack give it.

    kind: `yearly`, or `induction` for the hours of somebody newly appointed in the year.
    """

    person_id: UUID
    unit_no: int
    year: int
    hours: Decimal
    forms: tuple[str, ...]
    article: str | None
    role: str
    part_year: bool
    apart: bool
    every_years: int | None
    since: date
    pack_id: str
    pack_version: str
    kind: NeedKind = "yearly"


async def put_year(tx: Transaction, needs: list[Need], terms: YearTerms) -> bool:
    """Open the need of a year, or bring the one that stands to these terms; True where it is new.

    needs: all of the person, who is locked by the caller (`lock_person`); the new one is added. The caller reckons
    afterwards.
    """
    opening = NeedOpening(
        person_id=terms.person_id,
        unit_no=terms.unit_no,
        kind=terms.kind,
        cycle=str(terms.year),
        required_hours=terms.hours,
        forms=list(terms.forms),
        article=terms.article,
        opened_on=tx.today,
        role=terms.role,
        part_year=terms.part_year,
        apart=terms.apart,
        every_years=terms.every_years,
        since=terms.since,
        pack_id=terms.pack_id,
        pack_version=terms.pack_version,
    )
    standing = _of_year(needs, terms.year, terms.kind)
    if standing is None:
        opened = await _open(tx, opening)
        if opened is None:
            return False
        needs.append(opened)
        return True
    wanted = opening.model_dump(exclude={"opened_on", "application_id"}) | {"lapsed": False}
    changed = {name: value for name, value in wanted.items() if getattr(standing, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(standing, name, value)
        await _changed(tx, standing, "training.need.change", {"required_hours": str(standing.required_hours)})
    return False


async def lapse(tx: Transaction, needs: Sequence[Need], year: int, kind: NeedKind = "yearly") -> None:
    """Let the need of a year go, where the person has one: no post of the year asks for it any more."""
    standing = _of_year(needs, year, kind)
    if standing is not None and not standing.lapsed:
        standing.lapsed = True
        await _changed(tx, standing, "training.need.lapse", {})


def _of_year(needs: Sequence[Need], year: int, kind: NeedKind) -> Need | None:
    return next((need for need in needs if need.kind == kind and need.cycle == str(year)), None)


async def _changed(tx: Transaction, need: Need, action: str, facts: dict[str, str]) -> None:
    await queries.write(tx, [need])
    facts = {"person_id": str(need.person_id), "cycle": need.cycle} | facts
    await audit(tx, action, subject_type="need", subject_id=need.id, facts=facts)
    await _tell(tx, [(need, _change(need))])
    need.required_hours = need.required_hours.quantize(STORED, ROUND_HALF_UP)


async def _tell(tx: Transaction, told: Sequence[tuple[Need, Event]]) -> None:
    for need, event in told:
        tx.position(await emit(tx, event, aggregate_id=need.id, unit_no=need.unit_no))


def _change(need: Need) -> NeedChanged:
    return NeedChanged(
        person_id=str(need.person_id),
        kind=need.kind,
        cycle=need.cycle,
        credited_hours=str(need.credited_hours),
        required_hours=str(Decimal(0) if need.lapsed else need.required_hours),
        met_on=need.met_on.isoformat() if need.met_on else None,
        community_unit_no=need.unit_no,
        article=need.article,
    )


async def of_person(tx: Transaction, person_id: UUID) -> list[Need]:
    """All needs of a person, oldest first, for whoever holds the lock (`lock_person`)."""
    return await queries.of_person(tx, person_id)


def years_of(needs: Sequence[Need]) -> set[int]:
    """The years of which there is a need."""
    return {int(need.cycle) for need in needs if need.kind != queries.PRE_SERVICE}


async def lock_person(tx: Transaction, person_id: UUID) -> None:
    """Write to one person's ledger and needs by one transaction after another."""
    await queries.lock_person(tx, person_id)


async def lock(tx: Transaction, person_id: UUID) -> int:
    """Lock the person and give the unit under which their hours are entered; `NotFound` for one not known in the scope.

    That of the newest need in the scope; after a transfer the former county has none and enters classes it held under
    the community of the last post there.
    """
    await queries.lock_person(tx, person_id)
    unit_no = await queries.unit_of_person(tx, person_id)
    if unit_no is not None:
        return unit_no
    posts = await workers.of_person(tx, person_id)
    if not posts:
        raise NotFound
    return posts[-1].unit_no


@asynccontextmanager
async def whole_ledger(tx: Transaction) -> AsyncIterator[Transaction]:
    """The same transaction over all units, for a person found in the scope before.

    After a transfer hours of one year stand under two units, and whoever enters a class reckons with both. Nothing
    read here is shown: only what the person's needs are to be follows from it.
    """
    whole = await tx.under(replace(tx.context, scope=EVERYTHING))
    yield whole
    await tx.under(tx.context)
    if whole.position_of is not None:
        tx.position(whole.position_of)


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of the ledger after which needs are reckoned anew; `ended_on` is the last day of its class."""

    id: UUID
    session_id: UUID
    form: str
    hours: Decimal
    ended_on: date


async def reckon(
    tx: Transaction,
    needs: Sequence[Need],
    attended: Sequence[tuple[str, date, Decimal, bool]],
    entry: Entry | None = None,
) -> None:
    """Write what the ledger now gives for each need of a person, and tell of it.

    attended: by class, its form, its last day, the hours that stand for the person after all counter-entries, and
    whether it is a training of the responsible level. Without an entry the terms of a need have changed.
    """
    standings = [Standing(*each) for each in attended]
    start = [need for need in needs if need.kind in (queries.PRE_SERVICE, queries.INDUCTION) and not need.lapsed]
    changed: list[Need] = []
    told: list[tuple[Need, Event]] = []
    for need in needs:
        if need.lapsed:
            continue
        now = _balance(need, standings, start)
        was = Balance(need.credited_hours, need.met_on)
        moved = _follow_rounds(need, standings)
        touched = entry is not None and _in_time(need, entry.ended_on)
        need.credited_hours, need.met_on = now.credited, now.met_on
        if now != was or touched or moved:
            changed.append(need)
        if entry is not None and (touched or now != was):
            told.append((need, _credit(need, entry)))
        elif now != was:
            told.append((need, _change(need)))
        if was.met_on is None and now.met_on is not None:
            told.append((need, _met(need, now.met_on)))
    await queries.write(tx, changed)
    await _tell(tx, told)


def _balance(need: Need, standings: list[Standing], start: list[Need]) -> Balance:
    """What counts toward the need; `start` are those owed at the start, whose hours may stand apart from a year's."""
    if need.kind != queries.YEARLY:
        return balance(ended_since(standings, need.since or date.min), need.required_hours, need.forms)
    if need.apart:
        for each in start:
            standings = set_aside(standings, each.required_hours, each.forms, each.since or date.min)
    return balance(of_year(standings, int(need.cycle)), need.required_hours, need.forms)


def _in_time(need: Need, ended_on: date) -> bool:
    if need.kind == queries.YEARLY:
        return str(ended_on.year) == need.cycle
    return need.since is None or ended_on >= need.since


def _follow_rounds(need: Need, standings: list[Standing]) -> bool:
    """Note the newest training and the one still owed; whether that is news."""
    if need.since is None:
        return False
    was = Round(need.trained_on, need.train_by)
    found = round_of(standings, need.every_years, need.since, int(need.cycle))
    need.trained_on, need.train_by = found.trained_on, found.train_by
    return found != was


def _credit(need: Need, entry: Entry) -> HoursCredited:
    return HoursCredited(
        person_id=str(need.person_id),
        kind=need.kind,
        cycle=need.cycle,
        entry_id=str(entry.id),
        session_id=str(entry.session_id),
        form=entry.form,
        hours=str(entry.hours),
        counts=entry.form in need.forms and _in_time(need, entry.ended_on),
        credited_hours=str(need.credited_hours),
        required_hours=str(need.required_hours),
        met_on=need.met_on.isoformat() if need.met_on else None,
        community_unit_no=need.unit_no,
    )


def _met(need: Need, on: date) -> NeedMet:
    return NeedMet(
        person_id=str(need.person_id),
        kind=need.kind,
        cycle=need.cycle,
        credited_hours=str(need.credited_hours),
        required_hours=str(need.required_hours),
        met_on=on.isoformat(),
        community_unit_no=need.unit_no,
    )
