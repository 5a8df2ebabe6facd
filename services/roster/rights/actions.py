"""Showing each right with its record, and raising what is missing with the unit that owes it (NM-15, SH-17)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.calendar import CalendarMissing, is_working_day
from kernel.db.transaction import Transaction
from kernel.errors import ParameterNotSet, Text
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy.fields import protect, reveal
from kernel.regulation.pack import Pack
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.duty import queries as duty_queries
from services.roster.leave import actions as leave_actions
from services.roster.payroll import queries as payroll_queries
from services.roster.rights import queries, rules
from services.roster.rights.schemas import ProvisionEntry, RightClaimBody, RightClaimView, RightsView, RightView
from services.roster.rights.tables import RightClaim, RightProvision

SUBJECT = "right_claim"
WORDS = "roster_right_claim.words"
Facts = Mapping[str, Any]


async def read(tx: Transaction, dossier_id: UUID) -> RightsView:
    """Every right of a worker with what honours it today; `NotRegulated` where the regulation writes of none."""
    return await _rights(tx, (await dossier_queries.read(tx, dossier_id)).id)


async def own(tx: Transaction) -> RightsView:
    """The rights of the person who asks."""
    return await _rights(tx, (await dossier_queries.own(tx)).id)


async def raise_claim(tx: Transaction, body: RightClaimBody) -> RightClaimView:
    """Raise a right that no record honours with the unit that owes it: it stands on that office's list until done.

    Raises `InvalidInput` for what the regulation does not give, `Conflict` for what is honoured or raised already.
    """
    dossier = await dossier_queries.get(tx, (await dossier_queries.own(tx)).id, lock=True)
    pack = await org.pack(tx, unit_no=dossier.unit_no)
    line = rules.line(pack, body.right, body.record)
    shown = await _rights(tx, dossier.id)
    [standing] = [each for each in shown.items if (each.right, each.record) == (line.right, line.record)]
    rules.check_missing(standing.honoured, standing.claim_id is not None)
    owing = await org.ancestor(tx, dossier.unit_no, line.level)
    claim_id = new_id()
    row = RightClaim(
        tenant_id=tx.tenant,
        id=claim_id,
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        right_code=line.right,
        record=line.record,
        level=line.level,
        owed_unit_id=owing.id if owing is not None else None,
        words=await protect(tx, dossier.person_id, column=WORDS, row_id=claim_id, value=body.words),
        state="open",
        raised_on=tx.today,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(row)
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=f"right_claim_{line.level}",
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=row.unit_no,
        subject_person=row.person_id,
        facts={"right": line.right, "record": line.record},
    )
    if case is None:
        text = Text("本办法未设办理流程", "The regulation writes nobody who would deal with it.")
        raise ParameterNotSet(text, article=line.article)
    row.case_id = case.id
    await tx.session.flush()
    return await _done(tx, row, "roster.right.raise")


async def decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case: what was approved is settled, what was rejected is not owed."""
    row = await queries.claim(tx, case.subject_id, lock=True)
    if row.state == "open":
        row.state = {"approved": "settled", "rejected": "refused"}.get(case.state, "withdrawn")
        row.decided_on = tx.today
        row.version += 1
        await tx.session.flush()
        await _noted(tx, row, "roster.right.decided")


async def provide(tx: Transaction, dossier_id: UUID, body: ProvisionEntry) -> RightsView:
    """Record what was provided to a worker for a right that no other record shows."""
    dossier = await dossier_queries.get(tx, dossier_id)
    rules.check_provision(await org.pack(tx), body.right, body.provided_on, tx.today)
    row = RightProvision(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        right_code=body.right,
        **body.model_dump(exclude={"right"}),
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"right": body.right, "provided_on": body.provided_on.isoformat()}
    await audit(
        tx, "roster.right.provide", subject_type="dossier", subject_id=dossier.id, reason=body.document, facts=facts
    )
    return await read(tx, dossier_id)


async def claims(tx: Transaction, paging: Paging, *, state: str | None) -> Page[RightClaimView]:
    """The items of the scope."""
    rows, following = await queries.page(tx, paging, state=state)
    return Page[RightClaimView](items=[await _view(tx, row) for row in rows], next=following)


async def own_claims(tx: Transaction) -> list[RightClaimView]:
    """The items of the person who asks."""
    return [await _view(tx, row) for row in await queries.own(tx)]


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's provisions and items under the unit that keeps it."""
    await queries.move(tx, dossier_id, unit_no)


async def _rights(tx: Transaction, dossier_id: UUID) -> RightsView:
    pack = await org.pack(tx)
    lines = rules.owed(pack)
    known = await _known(tx, pack, dossier_id, {each.record for each in lines})
    raised = await queries.open_claims(tx, dossier_id)
    items = []
    for each in lines:
        facts = known(each)
        label = rules.label(pack, each.right)
        items.append(
            RightView(
                right=each.right,
                label={"zh": label.zh, "en": label.en},
                article=each.article,
                record=each.record,
                honoured=facts is not None,
                facts=dict(facts or {}),
                owed_by=each.level,
                claim_id=raised.get((each.right, each.record)),
            )
        )
    return RightsView(dossier_id=dossier_id, on=tx.today, items=items)


async def _known(
    tx: Transaction, pack: Pack, dossier_id: UUID, records: Collection[str]
) -> Callable[[rules.Owed], Facts | None]:
    """What the records show of the worker, each read once; the answer says what honours a line, None for nothing."""
    dossier = await dossier_queries.get(tx, dossier_id)
    slip = await payroll_queries.latest(tx, dossier.id)
    provided = await queries.provided(tx, dossier.id, tx.today)
    kinds = {each.kind: each for each in await leave_actions.kinds(tx)} if "leave_kind" in records else {}
    needs = await duty_queries.owed(tx, dossier.person_id) if "training" in records else []
    annual = await _annual(tx, dossier.id) if "annual_leave" in records and dossier.on_duty_from is not None else None

    def of_slip(each: rules.Owed) -> Facts | None:
        if slip is None or not rules.recent(slip.month, each.within_months, tx.today):
            return None
        codes = [line["code"] for line in slip.lines if line["side"] == "employer"]
        if each.record != "pay_slip" and not rules.insured(codes, each.record == "fund"):
            return None
        return {"month": slip.month.isoformat(), "run_id": str(slip.run_id)}

    def of_provision(each: rules.Owed) -> Facts | None:
        found = provided.get(each.right)
        return {"what": found.what, "provided_on": found.provided_on.isoformat()} if found is not None else None

    def of_kind(each: rules.Owed) -> Facts | None:
        found = kinds.get(each.kind or "")
        return {"kind": found.kind, "days": found.days} if found is not None and found.unit is not None else None

    def of_training(_: rules.Owed) -> Facts | None:
        credited = [each for each in needs if each.credited_hours > 0]
        return {"hours": str(sum(each.credited_hours for each in credited))} if credited else None

    def of_calendar(_: rules.Owed) -> Facts | None:
        try:
            is_working_day(tx.today, pack.calendar)
        except CalendarMissing:
            return None
        return {"year": tx.today.year}

    reading: Mapping[str, Callable[[rules.Owed], Facts | None]] = {
        "pay_slip": of_slip,
        "insurance": of_slip,
        "fund": of_slip,
        rules.PROVISION: of_provision,
        "leave_kind": of_kind,
        "training": of_training,
        "calendar": of_calendar,
        "annual_leave": lambda _: annual,
    }
    return lambda each: reading[each.record](each) if each.record in reading else None


async def _annual(tx: Transaction, dossier_id: UUID) -> Facts | None:
    try:
        balance = await leave_actions.balance(tx, dossier_id, None)
    except ParameterNotSet:
        # Nobody set what the entitlement rests on: it is owed, not shown.
        return None
    return {"year": balance.year, "entitled": balance.entitled, "remaining": balance.remaining}


async def _view(tx: Transaction, row: RightClaim) -> RightClaimView:
    words = await reveal(tx, row.person_id, column=WORDS, row_id=row.id, stored=row.words)
    return RightClaimView.model_validate(row.model_dump() | {"right": row.right_code, "words": words})


async def _done(tx: Transaction, row: RightClaim, action: str) -> RightClaimView:
    await _noted(tx, row, action)
    return await _view(tx, row)


async def _noted(tx: Transaction, row: RightClaim, action: str) -> None:
    facts = {"dossier_id": str(row.dossier_id), "right": row.right_code, "record": row.record, "state": row.state}
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, facts=facts)
