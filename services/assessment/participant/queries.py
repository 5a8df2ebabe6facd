"""SQL of the read model of posts."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, tuple_, update
from sqlmodel import col, select

from kernel.db.built import TENANT, Built
from kernel.db.put import put
from kernel.db.transaction import Transaction
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.assessment.participant.schemas import PostNews, PostView
from services.assessment.participant.tables import PostHeld

_LIST = Listing(PostView, PostHeld)
_REMOVE_DUTIES = Built(
    lambda: delete(PostHeld).where(
        col(PostHeld.tenant_id) == TENANT,
        col(PostHeld.dossier_id) == bindparam("dossier"),
        col(PostHeld.source) == "duty",
    )
)


async def add(tx: Transaction, news: PostNews) -> None:
    """Store the post, once."""
    await put(tx, PostHeld, {**news.model_dump(), "valid_before": None}, change=False)


async def has_posts(tx: Transaction, dossier_id: UUID) -> bool:
    """Whether roster has told of posts of that dossier."""
    found = await tx.session.execute(
        select(col(PostHeld.id)).where(col(PostHeld.dossier_id) == dossier_id, col(PostHeld.source) == "post").limit(1)
    )
    return found.first() is not None


async def remove_duties(tx: Transaction, dossier_id: UUID) -> None:
    """Forget what only duty told: posts say it better."""
    await _REMOVE_DUTIES.run(tx, dossier=dossier_id)


async def end(tx: Transaction, post_id: UUID, valid_before: date) -> None:
    """The post is held no longer from that day on."""
    await tx.session.execute(update(PostHeld).where(col(PostHeld.id) == post_id).values(valid_before=valid_before))


async def held_in(tx: Transaction, lo: int, hi: int, since: date, before: date) -> list[PostView]:
    """Posts in the units `lo`…`hi` of which a day lies in `[since, before)`, by person and day."""
    rows = await tx.session.execute(
        select(PostHeld)
        .where(
            col(PostHeld.unit_no).between(lo, hi),
            col(PostHeld.valid_from) < before,
            or_(col(PostHeld.valid_before).is_(None), col(PostHeld.valid_before) > since),
        )
        .order_by(col(PostHeld.person_id), col(PostHeld.valid_from), col(PostHeld.id))
    )
    return [PostView.model_validate(row) for row in rows.scalars()]


async def page(tx: Transaction, paging: Paging, *, on: date | None) -> Listed[PostView]:
    """The posts of the scope by unit and age; only those held on a day where one is named."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(PostHeld.unit_no).between(scope.lo, scope.hi))
    if on is not None:
        statement = statement.where(
            col(PostHeld.valid_from) <= on, or_(col(PostHeld.valid_before).is_(None), col(PostHeld.valid_before) > on)
        )
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(PostHeld.unit_no), col(PostHeld.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(PostHeld.unit_no), col(PostHeld.id)).limit(paging.limit + 1))
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id))
