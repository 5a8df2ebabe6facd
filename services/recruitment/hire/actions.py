"""Proposing a hire, making it public, and deciding it: the news goes to roster once (NM-8, NM-12)."""

from uuid import UUID

from contracts.recruitment import Hired
from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.event import Seal
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.org.tables import OrgUnit
from kernel.privacy.masking import mask_name
from services.recruitment.application import actions as applications
from services.recruitment.application import queries as application_queries
from services.recruitment.approvals import approvals
from services.recruitment.hire import queries, rules
from services.recruitment.hire.schemas import HirePropose, HireView
from services.recruitment.hire.tables import Hire
from services.recruitment.notice import queries as notices
from services.recruitment.ranking import actions as ranking
from services.recruitment.selection import actions as selection

SUBJECT = "hire"


async def propose(tx: Transaction, body: HirePropose) -> HireView:
    """Propose an applicant who passed every stage; the list is made public as the pack's workflow says.

    Raises `WrongState` with the article out of order, `RuleRefused` when the posts are all spoken for.
    """
    application = await application_queries.row(tx, body.application_id, lock=True)
    # The item's row lock makes two proposals for the last post come one after the other.
    item = await notices.item(tx, application.item_id, lock=True)
    pack = await org_queries.pack_version(tx, item.pack_id, item.pack_version)
    rules.check_proposable(pack, application.state)
    rules.check_not_ended(pack, ended=item.ended_on is not None)
    await selection.check_complete(tx, application.id, pack)
    if selection.has_exam(pack):
        await ranking.check_hire(tx, application.id, body.reason)
    rules.check_free(pack, posts=item.posts, taken=await queries.taken(tx, item.id))
    hire = Hire(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=application.unit_no,
        person_id=application.person_id,
        application_id=application.id,
        notice_id=application.notice_id,
        item_id=item.id,
        state="open",
        masked_name=mask_name(application.name),
        community_title=item.community_title,
        post_title=item.post_title,
        proposed_at=tx.now,
        proposed_by_post=tx.context.actor.post,
    )
    tx.session.add(hire)
    await applications.move(tx, application, "proposed")
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=hire.id,
        subject_unit_no=item.organiser_unit_no,
        subject_person=application.person_id,
        facts={
            name: value
            for name, value in (("publicity_days", item.publicity_days), ("publicity_unit", item.publicity_unit))
            if value is not None
        },
    )
    if case is None:
        await _hired(tx, hire)
    else:
        _follow(tx, hire, case)
    await audit(tx, "recruitment.hire.propose", subject_type=SUBJECT, subject_id=hire.id, reason=body.reason)
    await tx.session.flush()
    return await queries.view(tx, hire.id)


async def decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case to its end: hired, or not; a case that ended before changes nothing."""
    hire = await queries.row(tx, case.subject_id, lock=True)
    if hire.state != "open":
        return
    if case.state == "approved":
        await _hired(tx, hire)
    else:
        hire.state = "withdrawn" if case.state == "withdrawn" else "rejected"
        hire.version += 1
        hire.decided_on = tx.today
        application = await application_queries.row(tx, hire.application_id, lock=True)
        # A withdrawn proposal leaves the applicant where they were.
        await applications.move(tx, application, "qualified" if hire.state == "withdrawn" else "not_hired")
    await audit(tx, "recruitment.hire.decided", subject_type=SUBJECT, subject_id=hire.id, facts={"state": hire.state})
    await tx.session.flush()


async def moved(tx: Transaction, case: CaseView) -> None:
    """Keep the list public exactly while the case is at its publicity: a returned or decided one is taken off."""
    hire = await queries.row(tx, case.subject_id, lock=True)
    if hire.state == "open":
        _follow(tx, hire, case)
        await tx.session.flush()


def _follow(tx: Transaction, hire: Hire, case: CaseView) -> None:
    hire.case_id = case.id
    publicity = next((step for step in case.steps if step.kind == "publicize" and step.state == "open"), None)
    until = publicity.ends_on if publicity else None
    if until != hire.public_until:
        # Opened anew after a correction, it is a new period.
        hire.public_from, hire.public_until = (tx.today, until) if until else (None, None)


async def _hired(tx: Transaction, hire: Hire) -> None:
    item = await notices.item(tx, hire.item_id, lock=True)
    # The table refuses more than `posts` as well.
    item.filled += 1
    hire.state = "approved"
    hire.decided_on = tx.today
    hire.version += 1
    application = await application_queries.row(tx, hire.application_id, lock=True)
    await applications.move(tx, application, "hired")
    township = await _township(tx, item.community_unit_id, item.unit_no)
    await emit(
        tx,
        Hired(
            application_id=str(application.id),
            notice_id=str(hire.notice_id),
            plan_id=str(item.plan_id),
            person_id=str(application.person_id),
            category=item.category,
            community_unit_id=str(item.community_unit_id),
            community_unit_no=item.unit_no,
            township_unit_id=str(township.id),
            township_unit_no=township.unit_no,
            post_title=item.post_title,
            decided_on=tx.today.isoformat(),
            pack_id=item.pack_id,
            pack_version=item.pack_version,
        ),
        aggregate_id=application.id,
        unit_no=item.unit_no,
        seal=Seal("roster", application.person_id, await applications.identity(tx, application)),
    )


async def _township(tx: Transaction, community_id: UUID, community_no: int) -> OrgUnit:
    """The unit that manages the community: its township, or the unit above one that stands under none (SH-5)."""
    found = await org_queries.ancestor(tx, community_no, "township")
    if found is not None:
        return found
    community = await org_queries.unit(tx, community_id)
    if community.parent_id is None:
        raise NotFound(cause="the community has no unit above it")
    return await org_queries.unit(tx, community.parent_id)
