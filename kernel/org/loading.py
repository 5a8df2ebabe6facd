"""Many units or posts into the read model at once. What is there already was changed since, and stays."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, select

from kernel.db.transaction import Transaction
from kernel.org.published import PostsLoaded, UnitsLoaded
from kernel.org.tables import OrgNumber, OrgPost, OrgUnit


async def load_units(tx: Transaction, data: UnitsLoaded) -> None:
    """Keep the units, numbered as the tree is here now."""
    ids = [UUID(each) for each in data.unit_ids]
    given = await tx.session.execute(
        select(OrgNumber).where(col(OrgNumber.unit_id).in_(ids)).order_by(col(OrgNumber.unit_no))
    )
    numbers = {row.unit_id: (row.unit_no, row.last_no) for row in given.scalars()}
    rows = []
    for at, unit_id in enumerate(ids):
        unit_no, last_no = numbers.get(unit_id, (data.unit_nos[at], data.last_nos[at]))
        rows.append(
            {
                "tenant_id": tx.tenant,
                "id": unit_id,
                "unit_no": unit_no,
                "last_no": last_no,
                "level": data.levels[at],
                "code": data.codes[at],
                "title": data.titles[at],
                "parent_id": UUID(data.parent_ids[at]) if data.parent_ids[at] else None,
                "valid_from": date.fromisoformat(data.valid_froms[at]),
            }
        )
    await _add(tx, OrgUnit, rows)


async def load_posts(tx: Transaction, data: PostsLoaded) -> None:
    """Keep the posts, each where its unit is numbered here now."""
    units = {UUID(each) for each in data.unit_ids}
    known = await tx.session.execute(select(OrgUnit.id, OrgUnit.unit_no).where(col(OrgUnit.id).in_(units)))
    numbers = {row[0]: row[1] for row in known}
    rows = []
    for at, post_id in enumerate(data.post_ids):
        unit_id, before = UUID(data.unit_ids[at]), data.valid_befores[at]
        rows.append(
            {
                "tenant_id": tx.tenant,
                "id": UUID(post_id),
                "user_id": UUID(data.user_ids[at]),
                "unit_id": unit_id,
                "unit_no": numbers.get(unit_id, data.unit_nos[at]),
                "department_kind": data.department_kinds[at],
                "level": data.levels[at],
                "duty": data.duties[at],
                "valid_from": date.fromisoformat(data.valid_froms[at]),
                "valid_before": date.fromisoformat(before) if before else None,
            }
        )
    await _add(tx, OrgPost, rows)


async def _add(tx: Transaction, kind: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        table = SQLModel.metadata.tables[str(kind.__tablename__)]
        await tx.session.execute(insert(table).on_conflict_do_nothing(), rows)
