"""Registering training programmes (NM-20)."""

from kernel.db.transaction import Transaction
from kernel.errors import Forbidden
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from services.training.programme import queries, rules
from services.training.programme.schemas import ProgrammeNew, ProgrammeView


async def register(tx: Transaction, body: ProgrammeNew) -> ProgrammeView:
    """Register a programme of the acting post's unit and department; `InvalidInput` for an unknown post."""
    actor = tx.context.actor
    if actor.unit_no is None or actor.department_kind is None:
        raise Forbidden
    organiser = await org.unit_by_no(tx, actor.unit_no)
    rules.check_roles(await org.pack(tx), body.roles)
    made = ProgrammeView(
        id=new_id(),
        unit_no=organiser.unit_no,
        organiser_unit_id=organiser.id,
        organiser_level=organiser.level,
        department_kind=actor.department_kind,
        title=body.title,
        year=body.year,
        roles=body.roles,
        version=1,
    )
    await queries.add(tx, made)
    facts = {"year": made.year, "department_kind": made.department_kind, "roles": made.roles}
    await audit(tx, "training.programme.write", subject_type="programme", subject_id=made.id, facts=facts)
    return made
