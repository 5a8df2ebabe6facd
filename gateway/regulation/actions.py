"""Publication of packs, and evaluation without storing."""

from gateway.regulation.schemas import EvaluateBody, FindingView
from gateway.regulation.tables import PackVersion
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.published import PackPublished
from kernel.regulation.pack import Pack, UnknownMember


async def publish(tx: Transaction, pack: Pack) -> PackVersion:
    """Bring a checked pack into force from its effective day on, and tell every process."""
    meta = pack.document.pack
    row = PackVersion(
        tenant_id=tx.tenant,
        id=new_id(),
        pack_id=pack.id,
        pack_version=pack.version,
        digest=pack.digest,
        valid_from=meta.effective,
        period=days(meta.effective, meta.effective_before),
        content=pack.to_json(),
    )
    tx.session.add(row)
    await tx.session.flush()
    published = PackPublished(
        pack_id=pack.id,
        pack_version=pack.version,
        valid_from=meta.effective.isoformat(),
        valid_before=meta.effective_before.isoformat() if meta.effective_before else None,
        content=row.content,
    )
    await emit(tx, published, aggregate_id=row.id)
    await audit(
        tx,
        "regulation.pack.published",
        subject_type="pack",
        subject_id=row.id,
        facts={"pack": pack.id, "version": pack.version, "digest": pack.digest},
    )
    return row


async def evaluate(tx: Transaction, body: EvaluateBody) -> FindingView:
    """What one rule of the pack in force says about the given facts; nothing is stored (P4)."""
    pack = await org.pack(tx, body.on)
    try:
        finding = pack.evaluate(body.rule, body.facts, on=body.on or tx.today)
    except UnknownMember as error:
        raise InvalidInput(
            errors=[FieldError("/rule", Text("管理办法中没有此规则", "the regulation has no such rule"))]
        ) from error
    return FindingView(**finding.as_json())
