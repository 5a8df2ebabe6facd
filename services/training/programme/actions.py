"""Registering training programmes, and selecting workers for their classes (NM-20, SH-28)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Forbidden, NotFound, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from services.training.programme import queries, rules
from services.training.programme.schemas import ProgrammeNew, ProgrammeView, SelectionBody, SelectionView
from services.training.programme.tables import ProgrammeSelection
from services.training.worker import queries as workers


async def register(tx: Transaction, body: ProgrammeNew) -> ProgrammeView:
    """Register a programme of the acting post's unit and department; `InvalidInput` for an unknown post or class."""
    actor = tx.context.actor
    if actor.unit_no is None or actor.department_kind is None:
        raise Forbidden
    organiser = await org.unit_by_no(tx, actor.unit_no)
    pack = await org.pack(tx)
    rules.check_roles(pack, body.roles)
    rules.check_class(pack, body.class_kind, body.host, organiser.level)
    made = ProgrammeView(
        id=new_id(),
        unit_no=organiser.unit_no,
        organiser_unit_id=organiser.id,
        organiser_level=organiser.level,
        department_kind=actor.department_kind,
        title=body.title,
        year=body.year,
        roles=body.roles,
        class_kind=body.class_kind,
        host=body.host,
        version=1,
    )
    await queries.add(tx, made)
    facts = {"year": made.year, "department_kind": made.department_kind, "roles": made.roles}
    await audit(tx, "training.programme.write", subject_type="programme", subject_id=made.id, facts=facts)
    return made


async def select(tx: Transaction, programme_id: UUID, body: SelectionBody) -> SelectionView:
    """Select a worker of the scope for the classes of a programme of one's unit, once.

    Raises `NotFound` for who holds no post here, `WrongState` for a programme for all, `Conflict` the second time.
    """
    programme = await queries.read(tx, programme_id)
    rules.check_selects(programme.class_kind)
    posts = await workers.of_person(tx, body.person_id)
    held = [each for each in posts if rules.held_on(each.valid_from, each.valid_before, tx.today)]
    if not held:
        raise NotFound
    made = ProgrammeSelection(
        tenant_id=tx.tenant,
        programme_id=programme.id,
        person_id=body.person_id,
        unit_no=held[-1].unit_no,
        reason=body.reason,
        selected_on=tx.today,
        selected_by=tx.context.actor.user,
    )
    if not await queries.add_selection(tx, made):
        raise Conflict(Text("该人员已选派", "The worker is selected already."))
    facts = {"person_id": str(body.person_id), "class_kind": programme.class_kind}
    await audit(
        tx,
        "training.programme.select",
        subject_type="programme",
        subject_id=programme.id,
        reason=body.reason,
        facts=facts,
    )
    [view] = await queries.selections(tx, programme_id=programme.id, person_id=body.person_id)
    return view
