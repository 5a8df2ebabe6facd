"""Putting a template of the tenant in place of the platform's from a day on, and back."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select as columns
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.documents.checking import check
from kernel.documents.kinds import DocumentKind
from kernel.documents.schemas import TemplateChange, TemplateView
from kernel.documents.tables import DocumentTemplate
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit
from kernel.files.receiving import Received, bound_to
from kernel.files.sealing import unseal
from kernel.files.store import ObjectStore
from kernel.ids import new_id

SUBJECT = "document_template"


async def current(tx: Transaction, kind: DocumentKind) -> bytes:
    """The template by which that kind is printed today."""
    statement = (
        select(DocumentTemplate.content)
        .where(col(DocumentTemplate.kind) == kind.name, col(DocumentTemplate.valid_from) <= tx.today)
        .order_by(col(DocumentTemplate.valid_from).desc(), col(DocumentTemplate.id).desc())
        .limit(1)
    )
    return (await tx.session.execute(statement)).scalar_one_or_none() or kind.default()


async def replace(
    tx: Transaction, store: ObjectStore, kind: DocumentKind, received: Received, valid_from: date
) -> TemplateView:
    """Have a template hold from that day on. `InvalidInput` for a day gone by, and for a template that is refused."""
    parts = unseal(await store.open(tx.tenant, received.id), received.key, bound_to(tx.tenant, received.id))
    content = b"".join([part async for part in parts])
    await asyncio.to_thread(check, content, kind)
    await _put(tx, kind, content, valid_from)
    # It lies in the table, where everybody who prints reads it; the store keeps what belongs to a unit.
    await store.delete(tx.tenant, received.id)
    return await view(tx, kind)


async def reset(tx: Transaction, kind: DocumentKind, valid_from: date) -> TemplateView:
    """Have the platform's own template hold again from that day on."""
    await _put(tx, kind, None, valid_from)
    return await view(tx, kind)


async def view(tx: Transaction, kind: DocumentKind) -> TemplateView:
    """A kind with the changes of its template, the newest first."""
    return (await views(tx, [kind]))[0]


async def views(tx: Transaction, kinds: Sequence[DocumentKind]) -> list[TemplateView]:
    """Kinds with the changes of their templates."""
    statement = (
        columns(col(DocumentTemplate.kind), *(getattr(DocumentTemplate, name) for name in TemplateChange.model_fields))
        .where(col(DocumentTemplate.kind).in_([kind.name for kind in kinds]))
        .order_by(col(DocumentTemplate.valid_from).desc(), col(DocumentTemplate.id).desc())
    )
    found: dict[str, list[TemplateChange]] = {kind.name: [] for kind in kinds}
    for name, *values in (await tx.session.execute(statement)).all():
        found[name].append(TemplateChange(**dict(zip(TemplateChange.model_fields, values, strict=True))))
    return [_view(kind, found[kind.name], tx.today) for kind in kinds]


def _view(kind: DocumentKind, changes: list[TemplateChange], today: date) -> TemplateView:
    holds = next((each for each in changes if each.valid_from <= today), None)
    return TemplateView(
        kind=kind.name,
        label={"zh": kind.label.zh, "en": kind.label.en},
        own=holds is not None and holds.sha256 is not None,
        marks=sorted(kind.sample),
        needed=sorted(kind.needed),
        changes=changes,
    )


async def _put(tx: Transaction, kind: DocumentKind, content: bytes | None, valid_from: date) -> None:
    if valid_from < tx.today:
        message = Text("不得早于今天", "Not earlier than today.")
        raise InvalidInput(errors=[FieldError("/valid_from", message)])
    row = DocumentTemplate(
        tenant_id=tx.tenant,
        id=new_id(),
        kind=kind.name,
        valid_from=valid_from,
        content=content,
        sha256=hashlib.sha256(content).hexdigest() if content is not None else None,
        user_id=tx.context.actor.user,
        post_id=tx.context.actor.post,
        set_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"kind": kind.name, "valid_from": valid_from.isoformat(), "sha256": row.sha256}
    await audit(tx, f"{tx.process}.template.set", subject_type=SUBJECT, subject_id=row.id, facts=facts)
