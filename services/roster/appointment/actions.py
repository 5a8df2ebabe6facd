"""Taking and leaving posts, elected results, and years of service (NM-3, NM-7, NM-23)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.roster import PostLeft, PostTaken
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.roster.appointment import queries, rules
from services.roster.appointment.rules import Ground, Origin
from services.roster.appointment.schemas import Elected, Leaving, PostView, ServiceView
from services.roster.appointment.tables import Employment, Post
from services.roster.changes import posts_changed
from services.roster.committee import actions as committee
from services.roster.committee.schemas import CompositionView
from services.roster.dossier import queries as dossier_queries
from services.roster.headcount import queries as headcount

STAFF = "staff"
"""The role of a person who was hired; the pack says what it is called and which category it makes."""
WITHIN: tuple[Ground, ...] = ("term_end", "change")
"""Grounds on which another post may follow at once; whoever records them looks at the place afterwards."""


async def take_post(
    tx: Transaction,
    dossier_id: UUID,
    *,
    role: str,
    valid_from: date,
    origin: Origin,
    valid_before: date | None = None,
    community_unit_id: UUID | None = None,
    title: str | None = None,
    term: tuple[date, date] | None = None,
    relation: str | None = None,
    part_time: bool = False,
) -> PostView:
    """Hold a post from a day on, in the dossier's community unless another is named; roster tells of it.

    term: half-open days of an elected office. relation: the one that the worker's contract makes, where it is not the
    one that the regulation gives for the role. part_time: beside another occupation, so no community worker (SH-4).
    Raises `InvalidInput` for an unknown role or a day to come, `Conflict` where the worker, or for a post of one person
    another, holds it on a day of the period, `RuleRefused` for one seat too many of a committee. What the answer finds
    of the committee's composition refuses nothing.
    """
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    pack = await org.pack(tx)
    known = rules.known_role(pack, role)
    category = rules.category_of(known, part_time)
    rules.check_period(valid_from, valid_before, tx.today)
    if term is not None:
        rules.check_term(*term)
    community = await org.unit(tx, community_unit_id or dossier.community_unit_id)
    for post in await queries.rows(tx, dossier_id):
        if post.role == role and days(valid_from, valid_before).overlaps(post.period):
            text = Text(
                f"该人员此期间已任“{known.label.zh}”", f"The worker holds this post then already ({known.label.en})."
            )
            raise Conflict(text, article=known.article)
    another = await queries.held_by_another(tx, dossier_id, community.id, role, valid_from, valid_before)
    rules.check_free(known, another)
    lasting = valid_before is None or valid_before > tx.today
    found = await _check_seats(tx, pack, dossier.id, community, role) if lasting else []
    row = Post(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        community_unit_id=community.id,
        community_unit_no=community.unit_no,
        category=category,
        relation=relation or known.relation,
        role=role,
        title=title or (dossier.post_title if origin == "hire" else known.label.zh),
        origin=origin,
        period=days(valid_from, valid_before),
        term_from=term[0] if term else None,
        term_before=term[1] if term else None,
        left_ground=None if valid_before is None else "change",
    )
    tx.session.add(row)
    await tx.session.flush()
    await _tell_taken(tx, row)
    await _settle(tx, pack, dossier.id)
    return queries.view(row).model_copy(update={"findings": [each.as_json() for each in found]})


async def _check_seats(tx: Transaction, pack: Pack, dossier_id: UUID, community: OrgUnit, role: str) -> list[Finding]:
    """The community's composition once this dossier holds the post too; one that is refused is raised (SH-4)."""
    if not committee.regulates(pack, role, tx.today):
        return []
    # Of two that take the last seat at the same time the second counts the first's.
    await headcount.held(tx, [community.id])
    held = await queries.in_community(tx, community.id, tx.today)
    after = [*(committee.Held(row.dossier_id, row.role) for row in held), committee.Held(dossier_id, role)]
    return committee.check_taken(pack, after, role, tx.today)


async def composition(tx: Transaction, unit_id: UUID, on: date | None) -> CompositionView:
    """Who sits in the two committees of a community on a day, and what is not as the regulation asks (SH-4).

    Raises `NotRegulated` where it says nothing of this, `NotFound` for a unit outside the scope.
    """
    day = on or tx.today
    pack = await org.pack(tx, day)
    community = await org.unit_in_scope(tx, unit_id)
    held = [
        committee.Held(row.dossier_id, row.role, rules.is_part_time(pack, row.role, row.category))
        for row in await queries.in_community(tx, unit_id, day)
    ]
    return committee.shown(pack, community, held, day)


async def leave_post(
    tx: Transaction,
    dossier_id: UUID,
    post_id: UUID | None,
    *,
    on: date,
    ground: Ground,
    reason: str | None = None,
) -> list[PostView]:
    """Hold a post no longer from the day `on`; with `post_id` None, none of those that are held without an end.

    Returns the posts left (none where the dossier holds none). Raises `WrongState` for a post that was left before,
    `InvalidInput` where `on` is not after its first day.
    """
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    chosen = [row for row in await queries.rows(tx, dossier_id) if post_id in (None, row.id)]
    if post_id is not None and not chosen:
        await queries.get(tx, post_id)
        raise WrongState(Text("该任职不属于此档案", "The post is of another dossier."))
    lasting = [row for row in chosen if row.period.upper is None]
    if post_id is not None and not lasting:
        raise WrongState(Text("该任职已离任", "The post was left before."))
    for row in lasting:
        assert row.period.lower is not None  # noqa: S101 - a post has a first day
        rules.check_leaving(row.period.lower, on)
        row.period = days(row.period.lower, on)
        row.left_ground = ground
    await tx.session.flush()
    for row in lasting:
        await _tell_left(tx, row, on, ground, reason)
    await _settle(tx, await org.pack(tx), dossier.id)
    if ground not in WITHIN:
        await posts_changed.tell(tx, dossier.id, on)
    return [queries.view(row) for row in lasting]


async def elect(tx: Transaction, dossier_id: UUID, body: Elected) -> PostView:
    """Record that a worker was elected for a term (NM-7, SH-7): posts of staff and the same post's last term end."""
    pack = await org.pack(tx)
    known = rules.known_role(pack, body.role)
    rules.check_elected(known, body.role)
    rules.check_term(body.term_from, body.term_before)
    rules.check_period(body.term_from, None, tx.today)
    await dossier_queries.get(tx, dossier_id, lock=True)
    for row in await queries.rows(tx, dossier_id):
        if row.period.upper is not None:
            continue
        if row.role == body.role:
            if row.term_before is None or row.term_before > body.term_from:
                text = Text(
                    "上一任期尚未届满，应先登记离任", "The term before is not over; record that the post was left."
                )
                raise WrongState(text, article=known.article)
            await leave_post(tx, dossier_id, row.id, on=body.term_from, ground="term_end")
        elif rules.category_held(pack, row.role, row.category) != known.category:
            await leave_post(tx, dossier_id, row.id, on=body.term_from, ground="change", reason=body.instrument)
    made = await take_post(
        tx,
        dossier_id,
        role=body.role,
        valid_from=body.term_from,
        origin="by_election" if body.by_election else "election",
        term=(body.term_from, body.term_before),
        part_time=body.part_time,
    )
    facts = {"post_id": str(made.id), "role": body.role, "term_before": body.term_before.isoformat()}
    await audit(
        tx,
        "roster.appointment.elect",
        subject_type="dossier",
        subject_id=dossier_id,
        reason=body.instrument,
        facts=facts,
    )
    await posts_changed.tell(tx, dossier_id, body.term_from)
    return made


async def leave(tx: Transaction, post_id: UUID, body: Leaving) -> PostView:
    """Record the end of a term or a change of post."""
    seen = await queries.get(tx, post_id)
    if body.ground == "term_end" and (seen.term_before is None or body.valid_before < seen.term_before):
        message = Text("任期尚未届满", "The term is not over on that day.")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])
    rules.check_period(body.valid_before, None, tx.today)
    [left] = await leave_post(
        tx, seen.dossier_id, post_id, on=body.valid_before, ground=body.ground, reason=body.reason
    )
    await posts_changed.tell(tx, seen.dossier_id, body.valid_before)
    return left


async def add_employment(
    tx: Transaction, dossier_id: UUID, *, employer: str, evidence: str, valid_from: date, valid_before: date
) -> None:
    """Enter full-time work in communities outside this roster; it counts toward years of service (NM-23)."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    rules.check_period(valid_from, valid_before, tx.today)
    row = Employment(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        employer=employer,
        evidence=evidence,
        period=days(valid_from, valid_before),
    )
    tx.session.add(row)
    await tx.session.flush()


async def service_years(tx: Transaction, dossier_id: UUID, on: date | None = None) -> ServiceView:
    """Years of service of a dossier on a day (today), cumulative (NM-23) and continuous (NM-32), with their proof.

    `NotFound` outside the scope.
    """
    await dossier_queries.get(tx, dossier_id)
    day = on or tx.today
    rows = await queries.rows(tx, dossier_id)
    employments = await queries.employments(tx, dossier_id)
    periods: list[tuple[date, date | None]] = [_period(row) for row in rows]
    periods += [(each.valid_from, each.valid_before) for each in employments]
    counted = rules.service(periods, day)
    terms = {
        role: rules.full_terms(
            [(*_period(row), row.term_from, row.term_before) for row in rows if row.role == role], day
        )
        for role in sorted({row.role for row in rows if row.term_from is not None})
    }
    return ServiceView(
        dossier_id=dossier_id,
        on=day,
        cumulative_years=counted.cumulative,
        current_continuous_years=counted.current,
        longest_continuous_years=counted.longest,
        gaps=counted.gaps,
        continuous_since=counted.since,
        full_terms=terms,
        posts=[queries.view(row) for row in rows],
        employments=employments,
    )


async def spans(tx: Transaction, dossier_id: UUID) -> list[tuple[date, date | None]]:
    """The days served, joined where posts and earlier work follow each other; None: the last one goes on today."""
    periods: list[tuple[date, date | None]] = [_period(row) for row in await queries.rows(tx, dossier_id)]
    periods += [(each.valid_from, each.valid_before) for each in await queries.employments(tx, dossier_id)]
    lasting = any(start <= tx.today and (before is None or tx.today < before) for start, before in periods)
    return [
        (span.start, None if lasting and span.before == tx.today else span.before)
        for span in rules.spans(periods, tx.today)
    ]


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the history of posts under the unit that keeps the dossier from now on (NM-23)."""
    for row in await queries.rows(tx, dossier_id):
        row.unit_no = unit_no
    await queries.move_employments(tx, dossier_id, unit_no)
    await tx.session.flush()


async def _settle(tx: Transaction, pack: Pack, dossier_id: UUID) -> None:
    """Show in the dossier the foremost post held now, in the regulation's order; without one it stays as it was."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    held = await queries.held_on(tx, dossier.id, tx.today)
    foremost = _foremost(pack, held)
    if foremost is not None and (dossier.category, dossier.post_title) != (foremost.category, foremost.title):
        dossier.category, dossier.post_title = foremost.category, foremost.title
        dossier.version += 1
        await tx.session.flush()


def _foremost(pack: Pack, held: Sequence[Post]) -> Post | None:
    order = list(pack.document.roles)
    ranked = sorted(held, key=lambda row: order.index(row.role) if row.role in order else len(order))
    return ranked[0] if ranked else None


def _period(row: Post) -> tuple[date, date | None]:
    assert row.period.lower is not None  # noqa: S101 - a post has a first day
    return row.period.lower, row.period.upper


async def _tell_taken(tx: Transaction, row: Post) -> None:
    start, before = _period(row)
    township = await org.ancestor(tx, row.community_unit_no, "township")
    taken = PostTaken(
        post_id=str(row.id),
        dossier_id=str(row.dossier_id),
        person_id=str(row.person_id),
        category=row.category,
        relation=row.relation,
        role=row.role,
        post_title=row.title,
        community_unit_id=str(row.community_unit_id),
        community_unit_no=row.community_unit_no,
        township_unit_id=str(township.id) if township else None,
        township_unit_no=township.unit_no if township else None,
        valid_from=start.isoformat(),
    )
    tx.position(await emit(tx, taken, aggregate_id=row.dossier_id, unit_no=row.community_unit_no))
    facts = {"post_id": str(row.id), "role": row.role, "origin": row.origin, "valid_from": start.isoformat()}
    await audit(tx, "roster.appointment.take", subject_type="dossier", subject_id=row.dossier_id, facts=facts)
    if before is not None:
        await _tell_left(tx, row, before, "change", None)


async def _tell_left(tx: Transaction, row: Post, on: date, ground: Ground, reason: str | None) -> None:
    left = PostLeft(
        post_id=str(row.id),
        dossier_id=str(row.dossier_id),
        person_id=str(row.person_id),
        role=row.role,
        community_unit_id=str(row.community_unit_id),
        community_unit_no=row.community_unit_no,
        valid_before=on.isoformat(),
        ground=ground,
    )
    tx.position(await emit(tx, left, aggregate_id=row.dossier_id, unit_no=row.community_unit_no))
    facts = {"post_id": str(row.id), "role": row.role, "ground": ground, "valid_before": on.isoformat()}
    await audit(
        tx, "roster.appointment.leave", subject_type="dossier", subject_id=row.dossier_id, reason=reason, facts=facts
    )
