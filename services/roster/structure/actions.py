"""Assigning people to the places of their community, and seeing who is not (SH-9, SH-10)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from services.roster.appointment import queries as appointment_queries
from services.roster.appointment.schemas import PostView
from services.roster.changes import places_changed
from services.roster.dossier import queries as dossier_queries
from services.roster.structure import queries, rules
from services.roster.structure.schemas import AssignmentBody, AssignmentView, PersonView, PlaceView, StructureView
from services.roster.structure.tables import Assignment

COMMUNITY = "community"


async def assign(tx: Transaction, body: AssignmentBody) -> AssignmentView:
    """Assign somebody a place in their community from a day on; the place held before ends on that day.

    Raises `NotRegulated` where the text has no places, `InvalidInput` for an unknown one or a day to come, `WrongState`
    without a post in the community, `Conflict` for a second place at the same time.
    """
    pack = await org.pack(tx)
    rules.check_place(pack, body.place)
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    wanted = rules.assigned_categories(pack, tx.today)
    here = [
        post
        for post in await appointment_queries.posts(tx, dossier.id)
        if post.community_unit_id == dossier.community_unit_id and post.category in wanted
    ]
    rules.check_first_day([(each.valid_from, each.valid_before) for each in here], body.valid_from, tx.today)
    rules.check_post_kind(pack, body.post_kind, [each.category for each in here], tx.today)
    rows = await queries.of_dossier(tx, dossier.id)
    rules.check_free([_period(row) for row in rows], body.valid_from)
    for row in rows:
        start, before = _period(row)
        if before is None:
            row.period = days(start, body.valid_from)
    await tx.session.flush()
    made = Assignment(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        community_unit_id=dossier.community_unit_id,
        place=body.place,
        post_kind=body.post_kind,
        period=days(body.valid_from, None),
        assigned_by=tx.context.actor.user,
        assigned_at=tx.now,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(made)
    await tx.session.flush()
    await places_changed.tell(tx, dossier.community_unit_id, body.valid_from)
    facts = {"place": body.place, "post_kind": body.post_kind, "valid_from": body.valid_from.isoformat()}
    await audit(tx, "roster.structure.assign", subject_type="dossier", subject_id=dossier.id, facts=facts)
    return _view(pack, made)


async def follow_posts(tx: Transaction, dossier_id: UUID, on: date) -> None:
    """After somebody's posts changed on a day: who holds none in the community any more has no place there either."""
    held = {post.community_unit_id for post in await appointment_queries.held_on(tx, dossier_id, on)}
    for row in await queries.of_dossier(tx, dossier_id):
        start, before = _period(row)
        if before is not None:
            continue
        if row.community_unit_id not in held:
            row.period = days(start, rules.end_of(start, on))
            await tx.session.flush()
            facts = {"place": row.place, "valid_before": on.isoformat()}
            await audit(tx, "roster.structure.vacate", subject_type="dossier", subject_id=dossier_id, facts=facts)
        await places_changed.tell(tx, row.community_unit_id, on)


async def overview(tx: Transaction, community_unit_id: UUID) -> StructureView:
    """A community of the scope as it is organised today, with who is not assigned; `NotFound` for another unit."""
    community = await org.unit_in_scope(tx, community_unit_id)
    if community.level != COMMUNITY:
        raise NotFound
    pack = await org.pack(tx)
    finding = rules.silent(pack)
    people = [] if finding is not None else await _people(tx, community.id, rules.assigned_categories(pack, tx.today))
    missing = [each for each in people if each.place is None]
    finding = finding or rules.everybody(pack, tx.today, len(people), len(missing))
    written = pack.item_list(rules.PLACES)
    return StructureView(
        community_unit_id=community.id,
        community_title=community.title,
        on=tx.today,
        finding=finding.as_json(),
        places=[
            PlaceView(
                place=name,
                label_zh=item.label.zh,
                label_en=item.label.en,
                article=written.article,
                people=[each for each in people if each.place == name],
            )
            for name, item in written.items.items()
        ]
        if written is not None
        else [],
        missing=missing,
    )


async def read(tx: Transaction, assignment_id: UUID) -> AssignmentView:
    """One person's place for a period; `NotFound` outside the scope."""
    return _view(await org.pack(tx), await queries.get(tx, assignment_id))


async def own(tx: Transaction) -> list[AssignmentView]:
    """The places of the person who asks, in time."""
    pack = await org.pack(tx)
    return [_view(pack, row) for row in await queries.own(tx)]


async def _people(tx: Transaction, community_unit_id: UUID, categories: frozenset[str]) -> list[PersonView]:
    posts: dict[UUID, list[PostView]] = {}
    for post in await appointment_queries.in_community(tx, community_unit_id, tx.today):
        if post.category in categories:
            posts.setdefault(post.dossier_id, []).append(post)
    assigned = await queries.in_community(tx, community_unit_id, tx.today)
    names = await dossier_queries.names(tx, posts)
    people = [_person(names[each], each, held, assigned.get(each)) for each, held in posts.items()]
    return sorted(people, key=lambda each: (each.full_name, each.dossier_id))


def _person(name: str, dossier_id: UUID, posts: Sequence[PostView], row: Assignment | None) -> PersonView:
    return PersonView(
        dossier_id=dossier_id,
        full_name=name,
        categories=sorted({post.category for post in posts}),
        roles=sorted({post.role for post in posts}),
        place=row.place if row else None,
        post_kind=row.post_kind if row else None,
        since=_period(row)[0] if row else None,
    )


def _view(pack: Pack, row: Assignment) -> AssignmentView:
    written = pack.item_list(rules.PLACES)
    item = written.items.get(row.place) if written is not None else None
    start, before = _period(row)
    return AssignmentView.model_validate(
        row.model_dump()
        | {
            "label_zh": item.label.zh if item else row.place,
            "label_en": item.label.en if item else row.place,
            "article": written.article if written else None,
            "valid_from": start,
            "valid_before": before,
        }
    )


def _period(row: Assignment) -> tuple[date, date | None]:
    assert row.period.lower is not None  # noqa: S101 - a period has a first day
    return row.period.lower, row.period.upper
