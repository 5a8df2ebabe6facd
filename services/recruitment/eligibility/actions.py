"""Reviewing an application: determinations by named officials, explanation, conclusion (NM-9, NM-11, P4, P8)."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from contracts.recruitment import QualificationConcluded
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit, emit
from kernel.http.interpretations import interpretations
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.privacy import id_number
from kernel.privacy.keys import PersonErased
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from kernel.simulation.probes import Asked, Batch, Changed
from services.recruitment.application import actions as applications
from services.recruitment.application import queries as application_queries
from services.recruitment.application.tables import Application
from services.recruitment.eligibility import queries, rules
from services.recruitment.eligibility.schemas import (
    Conclude,
    DeterminationView,
    EligibilityView,
    Establish,
    FindingView,
    Judge,
    Recommend,
    ResultView,
)
from services.recruitment.eligibility.tables import Conclusion, Determination
from services.recruitment.material import actions as materials
from services.recruitment.notice import queries as notices
from services.recruitment.notice.tables import NoticeItem

SUBJECT = "application"


async def judge(tx: Transaction, application_id: UUID, body: Judge) -> DeterminationView:
    """Record a judgement on a rule that the text leaves to people."""
    application = await application_queries.row(tx, application_id, lock=True)
    rules.check_under_review(application.state)
    item = await notices.item(tx, application.item_id)
    rules.check_judgeable(await org_queries.pack_version(tx, item.pack_id, item.pack_version), body.rule)
    return await _record(tx, application_id, application.unit_no, "rule", body.rule, body.outcome, body)


async def establish(tx: Transaction, application_id: UUID, body: Establish) -> DeterminationView:
    """Record a fact that an official established; a granted relaxation only where its grounds and bound hold."""
    application = await application_queries.row(tx, application_id, lock=True)
    rules.check_under_review(application.state)
    item = await notices.item(tx, application.item_id)
    pack = await org_queries.pack_version(tx, item.pack_id, item.pack_version)
    rules.check_fact(pack, body.fact, body.value)
    is_organiser = tx.context.actor.unit_no == item.organiser_unit_no
    rules.check_office(pack, body.fact, is_organiser=is_organiser)
    _, material = await _material(tx, application_id, {body.fact: body.value})
    rules.check_grant(pack, rules.findings(pack, material), body.fact, body.value)
    return await _record(tx, application_id, application.unit_no, "fact", body.fact, body.value, body)


async def recommend(tx: Transaction, application_id: UUID, body: Recommend) -> DeterminationView:
    """Record whether the township that the community lies in recommends the applicant (NM-9)."""
    application = await application_queries.row(tx, application_id, lock=True)
    rules.check_under_review(application.state)
    item = await notices.item(tx, application.item_id)
    pack = await org_queries.pack_version(tx, item.pack_id, item.pack_version)
    rules.check_recommender(pack, tx.context.actor.level)
    fact = rules.recommendation(pack)
    return await _record(tx, application_id, application.unit_no, "fact", fact, body.recommended, body)


async def explain(tx: Transaction, application_id: UUID) -> EligibilityView:
    """The findings as they stand now, or those under which the review was concluded."""
    pack, material = await _material(tx, application_id, {})
    ended = await queries.conclusion(tx, application_id)
    item = await notices.item(tx, (await application_queries.row(tx, application_id)).item_id)
    shown = queries.result_of(ended) if ended else _result(pack, application_id, rules.findings(pack, material))
    return EligibilityView(
        **shown.model_dump(),
        within_birth_window=rules.within(material.birth_date, item.birth_from, item.birth_until),
        determinations=[
            DeterminationView.model_validate(each) for each in await queries.determinations(tx, application_id)
        ],
        interpretations=await interpretations(tx, [each.article for each in shown.findings], tx.today),
    )


async def conclude(tx: Transaction, application_id: UUID, body: Conclude) -> ResultView:
    """End the review. Raises `RuleRefused` with the findings where the outcome does not follow from them."""
    application = await application_queries.row(tx, application_id, lock=True)
    rules.check_under_review(application.state)
    pack, material = await _material(tx, application_id, {})
    found = rules.findings(pack, material)
    rules.check_conclusion(found, body.outcome)
    if body.outcome == "qualified":
        await materials.check_complete(tx, application_id)
    refusing = rules.refusing(found)
    article = refusing.article if refusing else None
    row = Conclusion(
        tenant_id=tx.tenant,
        application_id=application.id,
        unit_no=application.unit_no,
        person_id=application.person_id,
        outcome=body.outcome,
        article=article,
        findings=[each.as_json() for each in found],
        reason=body.reason,
        pack_id=pack.id,
        pack_version=pack.version,
        user_id=tx.context.actor.user,
        post_id=tx.context.actor.post,
        concluded_at=tx.now,
    )
    tx.session.add(row)
    await applications.move(tx, application, body.outcome)
    await emit(
        tx,
        QualificationConcluded(
            application_id=str(application.id),
            person_id=str(application.person_id),
            outcome=body.outcome,
            article=article,
        ),
        aggregate_id=application.id,
        unit_no=application.unit_no,
    )
    await audit(
        tx,
        "recruitment.application.review",
        subject_type=SUBJECT,
        subject_id=application.id,
        reason=body.reason,
        facts={"outcome": body.outcome, "article": article},
    )
    return queries.result_of(row)


async def under_draft(tx: Transaction, asked: Asked) -> Batch:
    """How the next applications would stand under a draft: open reviews as found now, concluded ones as concluded.

    Who was erased is passed by; where the draft asks for facts that no sign-up gave, that is said.
    """
    rows = await application_queries.reviewed_after(tx, asked.after, asked.limit)
    ids = [each.id for each in rows]
    items = await notices.items_by_id(tx, {each.item_id for each in rows})
    established, judged = await queries.standing_of(tx, ids, "fact"), await queries.standing_of(tx, ids, "rule")
    ended = await queries.conclusions(tx, ids)
    packs: dict[tuple[str, str], Pack] = {}
    changed = []
    for application in rows:
        item = items[application.item_id]
        key = (item.pack_id, item.pack_version)
        if key not in packs:
            packs[key] = await org_queries.pack_version(tx, *key)
        facts, verdicts = established.get(application.id, {}), judged.get(application.id, {})
        try:
            material = await _of_application(tx, application, item, facts, verdicts)
        except PersonErased:
            continue
        before = ended.get(application.id) or rules.overall(rules.findings(packs[key], material))
        after, article = rules.under(asked.draft, material)
        if before != after:
            changed.append(Changed(application.id, application.unit_no, before, after, article))
    return Batch(len(rows), changed, ids[-1] if len(ids) == asked.limit else None)


async def _material(tx: Transaction, application_id: UUID, newly: Mapping[str, object]) -> tuple[Pack, rules.Material]:
    application = await application_queries.row(tx, application_id)
    item = await notices.item(tx, application.item_id)
    established = await queries.standing(tx, application_id, "fact") | dict(newly)
    judged = await queries.standing(tx, application_id, "rule")
    material = await _of_application(tx, application, item, established, judged)
    return await org_queries.pack_version(tx, item.pack_id, item.pack_version), material


async def _of_application(
    tx: Transaction,
    application: Application,
    item: NoticeItem,
    established: Mapping[str, object],
    judged: Mapping[str, Any],
) -> rules.Material:
    number, _ = await application_queries.revealed(tx, application)
    return rules.Material(
        birth_date=id_number.parse(number).birth_date,
        education_code=application.education_code,
        declarations=application.declarations,
        age_reference_date=item.age_reference_date,
        relaxed_age_limit=item.relaxed_age_limit,
        relaxed_education_codes=item.relaxed_education_codes,
        established=established,
        judged=judged,
        category=item.category,
    )


def _result(pack: Pack, application_id: UUID, found: list[Finding]) -> ResultView:
    refusing = rules.refusing(found)
    return ResultView(
        application_id=application_id,
        overall=rules.overall(found),
        article=refusing.article if refusing else None,
        findings=[FindingView(**each.as_json()) for each in found],
        pack_id=pack.id,
        pack_version=pack.version,
    )


async def _record(
    tx: Transaction,
    application_id: UUID,
    unit_no: int,
    kind: Literal["rule", "fact"],
    subject: str,
    value: Any,
    body: Judge | Establish | Recommend,
) -> DeterminationView:
    actor = tx.context.actor
    row = Determination(
        tenant_id=tx.tenant,
        id=new_id(),
        application_id=application_id,
        unit_no=unit_no,
        kind=kind,
        subject=subject,
        value=value,
        reason=body.reason,
        evidence=body.evidence,
        user_id=actor.user,
        post_id=actor.post,
        by_unit_no=actor.unit_no,
        by_department=actor.department_kind,
        by_level=actor.level,
        determined_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await audit(
        tx,
        "recruitment.determination.record",
        subject_type=SUBJECT,
        subject_id=application_id,
        facts={"kind": kind, "subject": subject, "determination_id": str(row.id)},
    )
    return DeterminationView.model_validate(row)
