"""Recording the track, listing who is due, handling a retirement (NM-30). Birth dates never leave this module."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.national.retirement import retirement_of
from kernel.regulation.pack import Pack
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.ending import actions as ending_actions
from services.roster.ending import queries as ending_queries
from services.roster.retirement import queries, rules
from services.roster.retirement.schemas import DueView, RetirementBody, RetirementView, TrackBody, TrackView
from services.roster.retirement.tables import Retirement, RetireTrack


async def state_track(tx: Transaction, dossier_id: UUID, body: TrackBody) -> TrackView:
    """Record on which track a worker retires, with the document; `InvalidInput` for one that the table lacks."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    rules.check_track(await org.pack(tx), tx.today, body.track)
    row = RetireTrack(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        track=body.track,
        source=body.source,
        stated_by=tx.context.actor.user,
        stated_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"track": body.track}
    await audit(
        tx, "roster.retirement.track", subject_type="dossier", subject_id=dossier.id, reason=body.source, facts=facts
    )
    return TrackView.model_validate(row.model_dump())


async def due(tx: Transaction, paging: Paging, until: str | None) -> Page[DueView]:
    """Who is due up to that month (a year ahead without one), and who may be but has no track.

    Walks one page of the scope's workers at a time, since each birth date has to be opened: a page may hold fewer
    than asked for, or none, and still have a next.
    """
    pack = await org.pack(tx)
    last = rules.list_until(pack, tx.today, date.fromisoformat(f"{until}-01") if until else None)
    workers, following = await dossier_queries.walk(tx, paging)
    ids = [each.id for each in workers]
    tracks, handled = await queries.tracks_of(tx, ids), await queries.handled(tx, ids)
    items: list[DueView] = []
    for worker in workers:
        if worker.id in handled or worker.state == "left":
            continue
        track = tracks.get(worker.id)
        birth = await dossier_actions.birth_date(tx, worker.id)
        found = rules.due(pack, tx.today, last, track, birth)
        if found is not None:
            items.append(
                DueView(
                    dossier_id=worker.id,
                    person_id=worker.person_id,
                    full_name=worker.full_name,
                    unit_no=worker.unit_no,
                    track=track,
                    month=_month(found.month),
                    **_flexible(pack, tx.today, track, birth),
                    contribution_months=rules.contribution_months(pack, found.month),
                    article=found.findings[0].article,
                    findings=[each.as_json() for each in found.findings],
                )
            )
    return Page[DueView](items=items, next=following)


def _flexible(pack: Pack, today: date, track: str | None, birth: date) -> dict[str, str | None]:
    known = retirement_of(pack, today, track, birth) if track is not None else None
    return {
        "earliest_month": _month(known.earliest) if known else None,
        "latest_month": _month(known.latest) if known else None,
    }


def _month(day: date | None) -> str | None:
    return f"{day:%Y-%m}" if day is not None else None


async def handle(tx: Transaction, body: RetirementBody) -> RetirementView:
    """Handle a worker's retirement: posts, duty and contract end with the month; an office goes by its term's rules.

    Raises `RuleRefused` (NM-30) without a track or too early, `Conflict` where it was handled or the worker left.
    """
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    if dossier.left_on is not None or await queries.of_dossier(tx, dossier.id) is not None:
        text = Text("该人员已办理退休或者已离开", "The worker's retirement is handled, or the worker has left.")
        raise Conflict(text, article=pack.parameter(rules.HANDLER).article)
    track = (await queries.tracks_of(tx, [dossier.id])).get(dossier.id)
    birth = await dossier_actions.birth_date(tx, dossier.id)
    month, before = rules.ends_before(pack, tx.today, track, birth)
    relation = await ending_actions.relation_of(tx, dossier.id)
    office = relation is not None and pack.document.relations[relation].removal == ending_actions.OFFICE
    row = Retirement(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        track=str(track),
        month=month,
        ends_before=before,
        by_rules_of_the_term=office,
        handled_on=tx.today,
    )
    tx.session.add(row)
    await tx.session.flush()
    if not office:
        await ending_actions.fix(tx, dossier.id, matter_id=row.id, ground="retirement", ends_before=before)
    facts = {"dossier_id": str(dossier.id), "month": _month(month), "office": office}
    await audit(tx, "roster.retirement.handle", subject_type="retirement", subject_id=row.id, facts=facts)
    end = await ending_queries.of_matter(tx, row.id)
    found = rules.due(pack, tx.today, month, track, birth)
    findings = [each.as_json() for each in found.findings] if found else []
    return RetirementView.model_validate(row.model_dump() | {"end": end.state if end else None, "findings": findings})
