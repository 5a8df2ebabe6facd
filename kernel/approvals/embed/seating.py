"""Finding the office of a step, and of each signer, relative to the subject's unit as it stands now (A1, A6)."""

from dataclasses import replace
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.definition import Office, StepKind
from kernel.approvals.embed import storing
from kernel.approvals.embed.queries import Held
from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.org.tables import OrgPost, OrgUnit


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
    _, posts = await _staff(tx, held, held.case.steps[position].definition.by)
    return any(post.user_id == user and post.duty in resolve.WORKING for post in posts)


async def _find(tx: Transaction, held: Held, office: Office, kind: StepKind) -> tuple[OrgUnit | None, resolve.Seat]:
    """The unit of an office, and who is missing there."""
    unit, posts = await _staff(tx, held, office)
    holders = [resolve.Holder(post.id, post.user_id, post.duty) for post in posts]
    barred = resolve.barred_users(held.case)
    return unit, resolve.seat(kind, unit.unit_no if unit else None, holders, barred)


async def _staff(tx: Transaction, held: Held, office: Office) -> tuple[OrgUnit | None, list[OrgPost]]:
    subject = await org.unit(tx, held.row.subject_unit_id)
    unit = await org.ancestor(tx, subject.unit_no, office.level)
    return unit, await org.posts(tx, department_kind=office.department, unit_no=unit.unit_no) if unit else []


def _desks(held: Held, position: int) -> list[tuple[UUID | None, str | None]]:
    stored = held.steps[position]
    signers = [each for each in held.signers if each.position == position and each.state != "removed"]
    return [
        (stored.acting_unit_id, stored.unstaffed),
        *((each.acting_unit_id, each.unstaffed) for each in signers),
    ]
