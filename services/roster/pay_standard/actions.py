"""Proposing a pay standard, correcting a returned one, and announcing the figures once the others agreed (NM-16)."""

from typing import Any
from uuid import UUID

import orjson

from contracts.roster import PayStandardApproved
from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, ParameterNotSet, Text
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.local import Seat
from kernel.regulation.schema.workflows import LOCAL_FIGURES
from services.roster.approvals import approvals
from services.roster.pay_standard import queries, rules
from services.roster.pay_standard.schemas import StandardBody, StandardProposal, StandardView
from services.roster.pay_standard.tables import PayStandard


async def propose(tx: Transaction, body: StandardProposal) -> StandardView:
    """Propose a standard for the acting office's unit and open the case in which the others take part.

    Raises `NotFound` for a unit outside the scope, `RuleRefused` with the article for a figure that another office
    sets, or in another way, `InvalidInput` for a value that the regulation does not allow, `ParameterNotSet` where none
    is in force on the first day or today's does not write the approval.
    """
    actor = tx.context.actor
    if actor.user is None:
        raise Forbidden
    unit = await org.unit_in_scope(tx, body.unit_id)
    await _check(tx, body, unit)
    row = PayStandard(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        **body.model_dump(exclude={"unit_id"}),
        state="open",
        proposed_by=actor.user,
        proposed_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=LOCAL_FIGURES,
        subject_id=row.id,
        subject_unit_no=row.unit_no,
        facts=_facts(row),
    )
    if case is None:
        raise ParameterNotSet(Text("现行办法没有此流程", "The regulation in force today does not write this approval."))
    row.case_id = case.id
    await tx.session.flush()
    await _audit(tx, row, "proposed")
    return await queries.view(tx, row)


async def correct(tx: Transaction, standard_id: UUID, body: StandardBody, version: int) -> StandardView:
    """Replace a standard that was returned; it is submitted again in its case. Refusals as of `propose`, and
    `WrongState` for one that was not returned."""
    row = await queries.get(tx, standard_id, lock=True)
    check_version(row.version, version)
    await _check(tx, body, await org.unit_by_no(tx, row.unit_no))
    row.sqlmodel_update(body.model_dump())
    row.version += 1
    if row.case_id is not None:
        await approvals.restate(tx, row.case_id, _facts(row))
    await tx.session.flush()
    await _audit(tx, row, "corrected")
    return await queries.view(tx, row)


async def decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case to its end; what was approved is announced, to come into force as local parameters."""
    row = await queries.get(tx, case.subject_id, lock=True)
    row.state = case.state
    row.version += 1
    await tx.session.flush()
    await _audit(tx, row, case.state)
    if case.state == "approved":
        told = PayStandardApproved(
            workflow=case.workflow,
            case_id=str(case.id),
            unit_id=str((await org.unit_by_no(tx, row.unit_no)).id),
            paths=[each["path"] for each in row.figures],
            values=[orjson.dumps(each["value"]).decode() for each in row.figures],
            document=row.source,
            reason=row.reason,
            valid_from=row.valid_from.isoformat(),
            proposed_by=str(row.proposed_by),
            proposed_at=row.proposed_at.isoformat(),
            decided_by=str(tx.context.actor.user) if tx.context.actor.user else None,
        )
        tx.position(await emit(tx, told, aggregate_id=row.id, unit_no=row.unit_no))


async def _check(tx: Transaction, body: StandardBody, unit: OrgUnit) -> None:
    """The figures against the regulation in force on their first day."""
    actor, pack = tx.context.actor, await org.pack(tx, body.valid_from)
    seat = Seat(actor.unit_no, actor.department_kind, actor.level)
    rules.check_figures(pack, body.model_dump()["figures"], seat, unit.unit_no, unit.level)


def _facts(row: PayStandard) -> dict[str, Any]:
    """What those who take part are shown: document, day and each figure by its path."""
    figures = {each["path"]: each["value"] for each in row.figures}
    return {"source": row.source, "valid_from": row.valid_from.isoformat(), "reason": row.reason} | figures


async def _audit(tx: Transaction, row: PayStandard, what: str) -> None:
    facts = {"paths": [each["path"] for each in row.figures], "valid_from": row.valid_from.isoformat()}
    action = f"roster.pay_standard.{what}"
    await audit(tx, action, subject_type="pay_standard", subject_id=row.id, reason=row.reason, facts=facts)
