"""Recording the size of a community; the number of posts that follows holds at once, or once it is approved (SH-5)."""

from datetime import date
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, Text
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from kernel.simulation.probes import Asked, Batch, Changed
from services.roster.approvals import approvals
from services.roster.headcount import actions as headcount
from services.roster.sizing import queries, rules
from services.roster.sizing.schemas import NormView, PostsSpanView, SizeBody, SizeView
from services.roster.sizing.tables import CommunitySize


async def norm(tx: Transaction, size: int, on: date | None) -> NormView:
    """What the regulation says of a community of that size; nothing is stored. `NotRegulated` without such a norm."""
    day = on or tx.today
    pack = await org.pack(tx, day)
    found, figure = rules.allowed_by(pack, size, day), rules.norm(pack, day)
    return NormView(
        size=size,
        measure=rules.measure(pack, day),
        on=day,
        allowed=[_span(each) for each in found.spans],
        proposed=_span(found.common) if found.common else None,
        article=figure.article,
        words=figure.words,
    )


async def record(tx: Transaction, body: SizeBody) -> SizeView:
    """Record the size of a community right below the acting post's unit.

    Raises `NotRegulated` where the regulation has no norm by size, `Forbidden` for a community below another unit,
    `RuleRefused` with the numbers for posts outside the norm without a reason.
    """
    pack = await org.pack(tx)
    rules.norm(pack, tx.today)
    if tx.context.actor.unit_no is None:
        raise Forbidden(Text("请以岗位身份办理", "Act in a post: the size is recorded for its unit."))
    acting = await org.unit_by_no(tx, tx.context.actor.unit_no)
    unit = await org.unit_in_scope(tx, body.unit_id)
    rules.check_above(unit.level, unit.parent_id, acting.id)
    rules.check_days(body.counted_on, tx.today)
    size = rules.size_of(pack, body.households, body.population, tx.today)
    allowed = rules.allowed_by(pack, size, tx.today)
    found = []
    if body.posts is not None:
        finding = rules.finding(pack, unit.title, size, allowed, body.posts, tx.today)
        rules.check_reason(pack, finding, body.reason, tx.today)
        found = [finding.as_json()]
    row = CommunitySize(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        ranges=[[each.least, each.most] for each in allowed.spans],
        findings=found,
        state="open",
        proposed_at=tx.now,
        proposed_by_post=tx.context.actor.post,
        **body.model_dump(),
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"unit_id": str(unit.id), "households": row.households, "posts": row.posts}
    await audit(
        tx,
        "roster.sizing.record",
        subject_type="community_size",
        subject_id=row.id,
        reason=row.reason,
        facts=facts | {"valid_from": row.valid_from.isoformat()},
    )
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type="community_size",
        subject_id=row.id,
        subject_unit_no=unit.unit_no,
        facts=facts,
    )
    if case is None:
        await _in_force(tx, pack, row)
    else:
        row.case_id = case.id
    await tx.session.flush()
    return _view(pack, row)


async def decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case of a size to its end."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state != "open":
        return
    if case.state == "approved":
        await _in_force(tx, await org.pack(tx), row)
    else:
        row.state = case.state
        row.version += 1
    await tx.session.flush()


async def read(tx: Transaction, size_id: UUID) -> SizeView:
    """One recorded size; `NotFound` outside the scope."""
    return _view(await org.pack(tx), await queries.get(tx, size_id))


async def sizes(tx: Transaction, paging: Paging, unit_id: UUID | None) -> Page[SizeView]:
    """Sizes recorded in the scope, newest first."""
    pack = await org.pack(tx)
    rows, following = await queries.page(tx, paging, unit_id)
    return Page[SizeView](items=[_view(pack, row) for row in rows], next=following)


async def under_draft(tx: Transaction, asked: Asked) -> Batch:
    """Which of the next communities would have other posts than a draft allows, or again as many as it allows (P6)."""
    rows = await queries.in_force_after(tx, asked.on, asked.after, asked.limit)
    article = rules.norm(asked.draft, asked.on).article
    changed = []
    for row in rows:
        size = row.households if rules.measure(asked.draft, asked.on) == rules.HOUSEHOLDS else row.population
        now = rules.Allowed(tuple(rules.Span(*span) for span in row.ranges), None)
        then = None if size is None else rules.allowed_by(asked.draft, size, asked.on)
        before, after = rules.compared(now, then, row.posts)
        if before != after:
            changed.append(Changed(row.unit_id, row.unit_no, before, after, article))
    return Batch(len(rows), changed, rows[-1].unit_id if len(rows) == asked.limit else None)


async def _in_force(tx: Transaction, pack: Pack, row: CommunitySize) -> None:
    row.state = "in_force"
    row.version += 1
    unit = await org.unit(tx, row.unit_id)
    if row.posts is not None:
        await headcount.fix(tx, pack, [(unit, row.posts)], row.valid_from, document=row.source, basis_id=row.id)
        return
    ranges = [(least, most) for least, most in row.ranges]
    largest = max(most for _, most in ranges)
    await headcount.fix(
        tx, pack, [(unit, largest)], row.valid_from, document=row.source, basis_id=row.id, ranges=ranges
    )


def _span(span: rules.Span) -> PostsSpanView:
    return PostsSpanView(least=span.least, most=span.most)


def _view(pack: Pack, row: CommunitySize) -> SizeView:
    day = row.valid_from
    proposed = rules.allowed_by(pack, rules.size_of(pack, row.households, row.population, day), day).common
    return SizeView.model_validate(
        row.model_dump()
        | {
            "allowed": [PostsSpanView(least=least, most=most) for least, most in row.ranges],
            "proposed": _span(proposed) if proposed else None,
            "review_on": rules.review_on(pack, day),
        }
    )
