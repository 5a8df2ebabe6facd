"""Handing in a draft, deciding on it, and telling two versions apart."""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from gateway.regulation.actions import root_seat
from gateway.regulation.promulgation import queries, rules
from gateway.regulation.promulgation.schemas import (
    ChangeView,
    DifferenceView,
    DraftBody,
    DraftDecision,
    DraftView,
)
from gateway.regulation.promulgation.tables import PackDraft
from gateway.regulation.rules import Held, check_four_eyes
from gateway.regulation.tables import PackVersion
from kernel.clock import midnight
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.published import PackPublished
from kernel.regulation.cases import load_with_cases
from kernel.regulation.difference import differences
from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.loading import INSTALLED
from kernel.regulation.pack import Pack
from kernel.schedule.actions import at

BEGINS = "regulation.version_begins"
"""Timer of the first day of a version that was published ahead."""


async def hand_in(tx: Transaction, body: DraftBody) -> DraftView:
    """Check the files as a pack with its cases and keep it as a draft.

    Raises `PackRefused` with file, line, path, article and mend of each fault; nothing is kept then.
    """
    actor, in_force = tx.context.actor, await org.pack(tx)
    rules.check_issuer(in_force, await root_seat(tx))
    if actor.user is None:
        raise Forbidden
    pack = await asyncio.to_thread(checked, body.files)
    rules.check_same_regulation(pack, in_force)
    row = PackDraft(
        tenant_id=tx.tenant,
        id=new_id(),
        pack_id=pack.id,
        pack_version=pack.version,
        digest=pack.digest,
        content=pack.to_json(),
        note=body.note,
        state="checked",
        submitted_by=actor.user,
        submitted_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _audit(tx, row)
    return DraftView.model_validate(row)


def checked(files: Mapping[str, str]) -> Pack:
    """The pack of these files over the installed layers, its cases run; raises `PackRefused`."""
    with tempfile.TemporaryDirectory(prefix="shegong-draft-") as root:
        folder = Path(root) / "draft"
        (folder / "cases").mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        try:
            return load_with_cases(folder, INSTALLED)
        except RecursionError:
            deep = Text("嵌套过深", "nested too deeply; a pack has a few levels")
            raise PackRefused([Fault(folder.name, "(whole pack)", None, None, deep)]) from None


async def decide(tx: Transaction, draft_id: UUID, body: DraftDecision) -> DraftView:
    """Publish a draft from a day on, or reject it.

    Raises `NotFound`, `WrongState` for one decided on already, `Forbidden` for another organ than the issuer,
    `RuleRefused` for whoever handed it in, and as `publish` does.
    """
    row = await queries.draft(tx, draft_id, lock=True)
    rules.check_issuer(await org.pack(tx), await root_seat(tx))
    if row.state != "checked":
        raise WrongState(Text("该草案已处理", "This draft was decided on already."))
    check_four_eyes(row.submitted_by, tx.context.actor.user, None)
    if body.action == "reject" and body.comment is None:
        raise InvalidInput(errors=[FieldError("/comment", Text("请写明理由", "Give the reason."))])
    row.decided_by, row.decided_at, row.comment = tx.context.actor.user, tx.now, body.comment
    row.state = "rejected"
    if body.action == "publish":
        row.valid_from = rules.check_complete(body.valid_from, body.document)
        row.document = body.document
        published = await publish(
            tx, Pack.from_json(row.content), row.valid_from, root_no=tx.context.actor.unit_no, document=body.document
        )
        row.state, row.version_id = "published", published.id
    await tx.session.flush()
    await _audit(tx, row)
    return DraftView.model_validate(row)


async def publish(
    tx: Transaction,
    pack: Pack,
    valid_from: date | None = None,
    *,
    root_no: int | None = None,
    document: str | None = None,
) -> PackVersion:
    """Bring a checked pack into force from a day on (the one its text names), end the version before, tell everybody.

    `root_no`: number of the tenant's topmost unit, needed for a day to come. Raises as `rules.begins`.
    """
    published = {row.id: row for row in await queries.versions(tx)}
    held = [
        rules.Version(Held(row.id, row.valid_from, row.period.upper), row.pack_version) for row in published.values()
    ]
    first, ended = rules.begins(pack, valid_from, held, tx.today)
    if ended is not None:
        # The database compares periods row by row: the older one must have made room first.
        published[ended].period = days(published[ended].valid_from, first)
        await tx.session.flush()
    row = PackVersion(
        tenant_id=tx.tenant,
        id=new_id(),
        pack_id=pack.id,
        pack_version=pack.version,
        digest=pack.digest,
        valid_from=first,
        period=days(first, pack.document.pack.effective_before),
        content=pack.to_json(),
    )
    tx.session.add(row)
    await tx.session.flush()
    position = await _tell_version(tx, row)
    if ended is not None:
        position = await _tell_version(tx, published[ended], followed=True)
    tx.position(position)
    if root_no is not None and first > tx.today:
        payload = {"id": str(row.id), "version": row.pack_version}
        await at(tx, BEGINS, midnight(first), unit_no=root_no, payload=payload)
    await audit(
        tx,
        "regulation.pack.published",
        subject_type="pack",
        subject_id=row.id,
        facts={
            "pack": pack.id,
            "version": pack.version,
            "digest": pack.digest,
            "valid_from": first.isoformat(),
            "document": document,
        },
    )
    return row


async def _tell_version(tx: Transaction, row: PackVersion, *, followed: bool = False) -> UUID:
    before = row.period.upper
    told = PackPublished(
        pack_id=row.pack_id,
        pack_version=row.pack_version,
        valid_from=row.valid_from.isoformat(),
        valid_before=before.isoformat() if before else None,
        content=row.content,
        followed=followed,
    )
    return await emit(tx, told, aggregate_id=row.id)


async def compare_draft(tx: Transaction, draft_id: UUID) -> DifferenceView:
    """What the draft changes against the version in force today."""
    return _difference(await org.pack(tx), Pack.from_json((await queries.draft(tx, draft_id)).content))


async def compare(tx: Transaction, earlier: str, later: str) -> DifferenceView:
    """What one published version changes against another; `NotFound` for a version that was never published."""
    contents = [(await queries.version(tx, each)).content for each in (earlier, later)]
    return _difference(*(Pack.from_json(content) for content in contents))


def _difference(earlier: Pack, later: Pack) -> DifferenceView:
    return DifferenceView(
        earlier=earlier.version,
        later=later.version,
        changes=[
            ChangeView(
                section=each.section,
                member=each.member,
                kind=each.kind,
                article=each.article,
                text={"zh": each.text.zh, "en": each.text.en},
            )
            for each in differences(earlier, later)
        ],
    )


async def _audit(tx: Transaction, row: PackDraft) -> None:
    await audit(
        tx,
        f"regulation.draft.{row.state}",
        subject_type="pack_draft",
        subject_id=row.id,
        reason=row.comment or row.note,
        facts={"pack": row.pack_id, "version": row.pack_version, "digest": row.digest},
    )
