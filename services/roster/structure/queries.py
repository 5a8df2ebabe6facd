"""SQL of the structure."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.roster.appointment import queries as appointment_queries
from services.roster.structure.tables import Assignment


async def get(tx: Transaction, assignment_id: UUID) -> Assignment:
    """The row; `NotFound` outside the scope."""
    found = await tx.session.execute(select(Assignment).where(col(Assignment.id) == assignment_id))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def of_dossier(tx: Transaction, dossier_id: UUID) -> list[Assignment]:
    """A person's places in time."""
    found = await tx.session.execute(
        select(Assignment).where(col(Assignment.dossier_id) == dossier_id).order_by(col(Assignment.period))
    )
    return list(found.scalars())


async def in_community(tx: Transaction, community_unit_id: UUID, on: date) -> dict[UUID, Assignment]:
    """Who is assigned where in the community on a day, by dossier."""
    found = await tx.session.execute(
        select(Assignment).where(
            col(Assignment.community_unit_id) == community_unit_id, col(Assignment.period).contains(on)
        )
    )
    return {row.dossier_id: row for row in found.scalars()}


async def counts(tx: Transaction, community_unit_id: UUID, on: date) -> dict[str, Any]:
    """{place: {"people": number, "roles": {role: number}}} of those who are assigned and hold a post there on a day."""
    roles: dict[UUID, set[str]] = {}
    for post in await appointment_queries.in_community(tx, community_unit_id, on):
        roles.setdefault(post.dossier_id, set()).add(post.role)
    people: Counter[str] = Counter()
    held: dict[str, Counter[str]] = {}
    for dossier_id, row in (await in_community(tx, community_unit_id, on)).items():
        if dossier_id in roles:
            people[row.place] += 1
            held.setdefault(row.place, Counter()).update(roles[dossier_id])
    return {place: {"people": number, "roles": dict(held[place])} for place, number in people.items()}


async def own(tx: Transaction) -> list[Assignment]:
    """The places of the person who asks; row-level security leaves no others."""
    return list((await tx.session.execute(select(Assignment).order_by(col(Assignment.period)))).scalars())
