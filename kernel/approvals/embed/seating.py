"""Finding the office of a step, and of each signer, relative to the subject's unit as it stands now (A1, A6)."""

from dataclasses import replace
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.definition import Office, StepKind
from kernel.approvals.embed import storing
from kernel.approvals.embed.queries import Held
from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.org.presence import at_office
from kernel.org.tables import OrgUnit


async def sit(tx: Transaction, held: Held, position: int) -> bool:
    """Seat a step and its signers; True where a desk, or the reason why nobody is at it, is not what it was."""
    step, stored = held.case.steps[position], held.steps[position]
    unit, seat = await _find(tx, held, step.definition.by, step.definition.kind)
    found = {
        signer.office: await _find(tx, held, signer.office, step.definition.kind)
        for signer in step.signers
        if signer.state != "removed"
    }
    before = _desks(held, position)
    stored.acting_unit_id, stored.unstaffed = unit.id if unit else None, seat.unstaffed
    signers = tuple(
        replace(signer, unit_no=found[signer.office][1].unit_no, unstaffed=found[signer.office][1].unstaffed)
        if signer.office in found
        else signer
        for signer in step.signers
    )
    held.case = held.case.put(replace(step, unit_no=seat.unit_no, unstaffed=seat.unstaffed, signers=signers))
    storing.write_signers(tx, held, position)
    for office, (its_unit, _) in found.items():
        row = held.signer(position, office)
        if row is not None:
            row.acting_unit_id = its_unit.id if its_unit else None
    return before != _desks(held, position)


async def works_there(tx: Transaction, held: Held, position: int, user: UUID) -> bool:
    """Whether somebody holds a working post (经办、审批) in the office of a step."""
    office = held.case.steps[position].definition.by
    unit = await _unit(tx, held, office)
    posts = await org.posts(tx, department_kind=office.department, unit_no=unit.unit_no) if unit else []
    return any(post.user_id == user and post.duty in resolve.WORKING for post in posts)


async def _find(tx: Transaction, held: Held, office: Office, kind: StepKind) -> tuple[OrgUnit | None, resolve.Seat]:
    """The unit of an office, and who is missing there."""
    unit, barred = await _unit(tx, held, office), resolve.barred_users(held.case)
    if unit is None:
        return None, resolve.seat(kind, None, (), barred)
    holders = [
        resolve.Holder(each.post.id, each.post.user_id, each.post.duty, each.away, each.substitute)
        for each in await at_office(tx, department_kind=office.department, unit_no=unit.unit_no)
    ]
    return unit, resolve.seat(kind, unit.unit_no, holders, barred)


async def _unit(tx: Transaction, held: Held, office: Office) -> OrgUnit | None:
    subject = await org.unit(tx, held.row.subject_unit_id)
    return await org.ancestor(tx, subject.unit_no, office.level)


def _desks(held: Held, position: int) -> list[tuple[UUID | None, str | None]]:
    stored = held.steps[position]
    signers = [each for each in held.signers if each.position == position and each.state != "removed"]
    return [
        (stored.acting_unit_id, stored.unstaffed),
        *((each.acting_unit_id, each.unstaffed) for each in signers),
    ]
