"""Publishing an interpretation."""

from gateway.regulation.actions import root_seat
from gateway.regulation.interpretation import queries
from gateway.regulation.interpretation.schemas import InterpretationBody, PublishedInterpretation
from gateway.regulation.interpretation.tables import Interpretation
from gateway.regulation.rules import check_organ
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, Text
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.published import InterpretationPublished
from kernel.regulation.pack import UnknownMember


async def publish(tx: Transaction, body: InterpretationBody) -> PublishedInterpretation:
    """Attach an answer to an article of the regulation in force.

    Raises `InvalidInput` for an article that it does not have, `Forbidden` for another organ than the one it names.
    """
    actor, pack = tx.context.actor, await org.pack(tx)
    organ = pack.document.pack.interpreter
    if organ is None:
        raise Forbidden(Text("现行办法未写明解释机关", "The regulation in force names no interpreting organ."))
    refusal = Text(f"本办法由{organ.name.zh}解释", f"The regulation is interpreted by {organ.name.en}.")
    check_organ(organ, await root_seat(tx), refusal)
    try:
        pack.article(body.article)
    except UnknownMember as error:
        message = Text("本办法没有这一条", "the regulation has no such article")
        raise InvalidInput(errors=[FieldError("/article", message)]) from error
    if actor.user is None:
        raise Forbidden
    row = Interpretation(
        tenant_id=tx.tenant,
        id=new_id(),
        **body.model_dump(),
        organ_zh=organ.name.zh,
        organ_en=organ.name.en,
        published_by=actor.user,
        published_by_post=actor.post,
        published_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    told = InterpretationPublished(
        article=row.article,
        text=row.text,
        document=row.document,
        organ_zh=row.organ_zh,
        organ_en=row.organ_en,
        valid_from=row.valid_from.isoformat(),
    )
    tx.position(await emit(tx, told, aggregate_id=row.id))
    facts = {"article": row.article, "document": row.document, "valid_from": row.valid_from.isoformat()}
    await audit(
        tx, "regulation.interpretation.published", subject_type="interpretation", subject_id=row.id, facts=facts
    )
    return queries.view(row)
