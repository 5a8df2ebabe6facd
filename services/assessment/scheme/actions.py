"""Drafting, submitting and approving the method of a unit, and finding the one in force (NM-28; P7)."""

from datetime import date
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, Text
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from services.assessment.approvals import approvals
from services.assessment.method import Method
from services.assessment.runner import LEVEL, check_runner
from services.assessment.scheme import queries, rules
from services.assessment.scheme.schemas import SchemeDraft, SchemeView
from services.assessment.scheme.tables import Scheme

WORKFLOW = "assessment_scheme"


async def draft(tx: Transaction, body: SchemeDraft) -> SchemeView:
    """Draft a method for the unit of the acting post.

    Raises `RuleRefused` for a unit of another level or a day already past, `InvalidInput` with every fault.
    """
    actor = tx.context.actor
    if actor.unit_no is None:
        raise Forbidden(Text("请以岗位身份办理", "Act in a post: a method belongs to its unit."))
    pack = await _writing(tx)
    _check(pack, body, tx.today)
    unit = await org.unit_by_no(tx, actor.unit_no)
    row = Scheme(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        title=body.title,
        valid_from=body.valid_from,
        terms=body.terms.model_dump(mode="json"),
        state="draft",
        pack_id=pack.id,
        pack_version=pack.version,
        drafted_by_post=actor.post,
    )
    tx.session.add(row)
    return await _done(tx, row, "assessment.scheme.draft")


async def change(tx: Transaction, scheme_id: UUID, version: int, body: SchemeDraft) -> SchemeView:
    """Replace a draft; `WrongState` once it is submitted."""
    row = await queries.get(tx, scheme_id, lock=True)
    check_version(row.version, version)
    rules.check_draft(row.state)
    pack = await _writing(tx)
    _check(pack, body, tx.today)
    row.title, row.valid_from = body.title, body.valid_from
    row.terms = body.terms.model_dump(mode="json")
    row.pack_id, row.pack_version = pack.id, pack.version
    row.version += 1
    return await _done(tx, row, "assessment.scheme.change")


async def submit(tx: Transaction, scheme_id: UUID) -> SchemeView:
    """Submit a draft to its approval; it stands at once where the regulation writes none."""
    row = await queries.get(tx, scheme_id, lock=True)
    rules.check_draft(row.state)
    _check(await _writing(tx), SchemeDraft.model_validate(_draft_of(row)), tx.today)
    row.state = "submitted"
    row.version += 1
    await tx.session.flush()
    case = await approvals.open(
        tx, workflow=WORKFLOW, subject_type="scheme", subject_id=row.id, subject_unit_no=row.unit_no
    )
    if case is None:
        row.state = "approved"
    else:
        row.case_id = case.id
    return await _done(tx, row, "assessment.scheme.submit")


async def decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case: approved it is in force from its day, withdrawn it is a draft again.

    Raises `RuleRefused` where its day has passed meanwhile: a method does not reach back.
    """
    row = await queries.get(tx, case.subject_id, lock=True)
    if case.state == "approved":
        rules.check_from(row.valid_from, tx.today, (await org.pack(tx)).parameter(rules.METHOD).article)
        row.state = "approved"
    else:
        row.state = "draft" if case.state == "withdrawn" else "rejected"
    row.version += 1
    await _done(tx, row, "assessment.scheme.decided")


async def method_of(tx: Transaction, pack: Pack, unit: OrgUnit) -> tuple[UUID, Method]:
    """The unit's method in force today, with the regulation's stages; `ParameterNotSet` where it has set none."""
    scheme = await queries.in_force(tx, unit.unit_no, tx.today)
    if scheme is None:
        raise rules.not_set(pack, unit.title)
    return scheme.id, rules.freeze(pack, scheme.terms, tx.today)


async def _writing(tx: Transaction) -> Pack:
    """The pack in force, where it lets the acting post set a method."""
    actor, pack = tx.context.actor, await org.pack(tx)
    if pack.parameter(LEVEL).state == "set":
        check_runner(pack, actor.level, actor.department_kind)
    rules.check_level(pack, actor.level)
    return pack


def _check(pack: Pack, body: SchemeDraft, today: date) -> None:
    rules.check_from(body.valid_from, today, pack.parameter(rules.METHOD).article)
    rules.check_terms(pack, body.terms, body.valid_from)


def _draft_of(row: Scheme) -> dict[str, object]:
    return {"title": row.title, "valid_from": row.valid_from, "terms": row.terms}


async def _done(tx: Transaction, row: Scheme, action: str) -> SchemeView:
    await tx.session.flush()
    facts = {"state": row.state, "valid_from": row.valid_from.isoformat()}
    await audit(tx, action, subject_type="scheme", subject_id=row.id, facts=facts)
    return SchemeView.model_validate(row)
