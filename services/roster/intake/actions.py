"""Entering one worker's earlier history; the dossier, its posts and its proofs stand or fall together."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, NotFound, Problem, Text, problem_document
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from services.roster.appointment import actions as appointment_actions
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.intake import queries, rules
from services.roster.intake.schemas import (
    BackgroundView,
    BatchOutcome,
    CertificateView,
    Intake,
    IntakeBatch,
    IntakeView,
    RowOutcome,
)
from services.roster.intake.tables import Background, Certificate

USER_LEVEL = "contract.user_level"


async def enter(tx: Transaction, body: Intake) -> IntakeView:
    """Open the dossier of a worker of the scope with posts, earlier work, education and certificates.

    Raises `InvalidInput` for an ID number that is none, `Conflict` where the person has a dossier in the tenant, and
    whatever a post's taking raises.
    """
    pack = await org.pack(tx)
    rules.check_category(pack, body.category)
    figure = pack.parameter(USER_LEVEL, tx.today)
    community = await org.unit_in_scope(tx, body.community_unit_id)
    rules.check_community(community.level, figure.text() if figure.state == "set" else None)
    known_since, on_duty_from = rules.first_days(
        [(each.valid_from, each.valid_before) for each in body.posts], tx.today
    )
    dossier_id = await dossier_actions.enter(
        tx,
        person_id=body.person_id or new_id(),
        category=body.category,
        post_title=body.posts[0].title or body.posts[0].role,
        community_unit_id=community.id,
        known_since=known_since,
        on_duty_from=on_duty_from,
        identity=dossier_actions.Identity(
            body.full_name, body.id_number.get_secret_value(), body.phone.get_secret_value()
        ),
    )
    await _history(tx, dossier_id, body)
    await _proofs(tx, dossier_id, body)
    facts = {"posts": len(body.posts), "employments": len(body.employments), "certificates": len(body.certificates)}
    await audit(tx, "roster.intake.enter", subject_type="dossier", subject_id=dossier_id, facts=facts)
    return IntakeView.model_validate(await dossier_queries.get(tx, dossier_id))


async def enter_all(tx: Transaction, body: IntakeBatch) -> BatchOutcome:
    """Enter workers one after another; a row that is refused leaves nothing behind and keeps no other one out."""
    items = []
    for row, each in enumerate(body.workers):
        position = tx.position_of
        try:
            async with tx.savepoint():
                dossier = await enter(tx, each)
        except Problem as refused:
            if refused.status >= 500:
                raise
            tx.position_of = position
            said = problem_document(refused, tx.context.language, tx.context.request_id)
            items.append(RowOutcome(row=row, state="refused", dossier=None, problem=said))
        else:
            items.append(RowOutcome(row=row, state="entered", dossier=dossier, problem=None))
    entered = sum(item.state == "entered" for item in items)
    return BatchOutcome(entered=entered, refused=len(items) - entered, items=items)


async def _history(tx: Transaction, dossier_id: UUID, body: Intake) -> None:
    for post in sorted(body.posts, key=lambda each: each.valid_from):
        if post.community_unit_id is not None and not tx.context.scope.holds(
            (await org.unit(tx, post.community_unit_id)).unit_no
        ):
            raise NotFound
        term = (post.term_from, post.term_before) if post.term_from and post.term_before else None
        await appointment_actions.take_post(
            tx,
            dossier_id,
            role=post.role,
            valid_from=post.valid_from,
            valid_before=post.valid_before,
            community_unit_id=post.community_unit_id,
            title=post.title,
            term=term,
            part_time=post.part_time,
            origin="history",
        )
    for each in body.employments:
        await appointment_actions.add_employment(
            tx,
            dossier_id,
            employer=each.employer,
            evidence=each.evidence,
            valid_from=each.valid_from,
            valid_before=each.valid_before,
        )


async def _proofs(tx: Transaction, dossier_id: UUID, body: Intake) -> None:
    common = await _common(tx, dossier_id)
    tx.session.add(Background(**common, **body.background.model_dump()))
    await add_certificates(tx, dossier_id, [(each.kind, each.number, each.issued_on) for each in body.certificates])


async def add_certificates(tx: Transaction, dossier_id: UUID, certificates: Sequence[tuple[str, str, date]]) -> None:
    """Keep professional certificates (kind, number, day of issue) beside the dossier."""
    common = await _common(tx, dossier_id)
    for kind, number, issued_on in certificates:
        tx.session.add(Certificate(**common, id=new_id(), kind=kind, number=number, issued_on=issued_on))
    await tx.session.flush()


async def _common(tx: Transaction, dossier_id: UUID) -> dict[str, Any]:
    dossier = await dossier_queries.get(tx, dossier_id)
    return {
        "tenant_id": tx.tenant,
        "dossier_id": dossier.id,
        "unit_no": dossier.unit_no,
        "person_id": dossier.person_id,
    }


async def add_certificate(
    tx: Transaction, dossier_id: UUID, *, kind: str, number: str, issued_on: date
) -> CertificateView:
    """Keep a certificate that came later; `Conflict` where the worker has one of that kind and number."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    known = (await queries.background(tx, dossier_id)).certificates
    if any((each.kind, each.number) == (kind, number) for each in known):
        raise Conflict(Text("该证书已登记", "The certificate is entered already."))
    row = Certificate(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        kind=kind,
        number=number,
        issued_on=issued_on,
    )
    tx.session.add(row)
    await tx.session.flush()
    return CertificateView.model_validate(row)


async def read(tx: Transaction, dossier_id: UUID) -> BackgroundView:
    """Education, political status and certificates; `NotFound` outside the scope."""
    await dossier_queries.get(tx, dossier_id)
    return await queries.background(tx, dossier_id)


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the proofs under the unit that keeps the dossier from now on."""
    await queries.move(tx, dossier_id, unit_no)
