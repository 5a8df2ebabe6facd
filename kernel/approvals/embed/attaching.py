"""Files laid beside a case (附件): sealed in the object store, read by readers of the case; each reading is audited."""

from collections.abc import AsyncGenerator, Collection
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from kernel.approvals.embed.schemas import CaseFiles, CaseFileView
from kernel.approvals.embed.tables import ApprovalCase, ApprovalFile
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text, WrongState
from kernel.events.outbox import audit
from kernel.files import keeping
from kernel.files.receiving import Received
from kernel.files.store import ObjectStore
from kernel.files.tables import File

SUBJECT = "approval_case"
MOST = 50
"""Files beside one case."""


async def add(tx: Transaction, case_id: UUID, received: Received) -> CaseFileView:
    """Lay a file beside a case that is under way; `NotFound` outside the scope, `WrongState` after its end."""
    case = (
        await tx.session.execute(select(ApprovalCase).where(col(ApprovalCase.id) == case_id).with_for_update())
    ).scalar_one_or_none()
    if case is None:
        raise NotFound
    if case.decided_at is not None:
        raise WrongState(Text("该事项已办结，不再受理附件", "The case has ended and takes no more files."))
    count = select(func.count()).select_from(ApprovalFile).where(col(ApprovalFile.case_id) == case_id)
    if (await tx.session.execute(count)).scalar_one() >= MOST:
        raise WrongState(Text(f"每个事项最多 {MOST} 个附件", f"A case takes at most {MOST} files."))
    file = await keeping.keep(tx, received, unit_no=case.unit_no, person_id=case.person_id)
    actor = tx.context.actor
    row = ApprovalFile(
        tenant_id=tx.tenant,
        case_id=case_id,
        file_id=file.id,
        unit_no=case.unit_no,
        person_id=case.person_id,
        user_id=actor.user,
        post_id=actor.post,
        added_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"file_id": str(file.id), "sha256": file.sha256, "size": file.size}
    await audit(tx, f"{tx.process}.approval.attach", subject_type=SUBJECT, subject_id=case_id, facts=facts)
    return await _view(tx, row, file)


async def listed(tx: Transaction, case_id: UUID) -> CaseFiles:
    """The files of a case; `NotFound` outside the scope."""
    if (await tx.session.execute(select(ApprovalCase.id).where(col(ApprovalCase.id) == case_id))).first() is None:
        raise NotFound
    found = await tx.session.execute(_rows(case_id).order_by(col(ApprovalFile.file_id)))
    return CaseFiles(items=[await _view(tx, row, file) for row, file in found.all()])


async def beside(tx: Transaction, case_id: UUID, files: Collection[UUID]) -> bool:
    """Whether all those files lie beside that case."""
    known = await tx.session.execute(select(ApprovalFile.file_id).where(col(ApprovalFile.case_id) == case_id))
    return set(files) <= set(known.scalars())


async def contents(
    tx: Transaction, store: ObjectStore, case_id: UUID, file_id: UUID
) -> tuple[AsyncGenerator[bytes], File, str | None]:
    """The contents of one file, part by part, with its row and name; `NotFound` where it is not of this case."""
    found = (await tx.session.execute(_rows(case_id).where(col(ApprovalFile.file_id) == file_id))).first()
    if found is None:
        raise NotFound
    file = found[1]
    facts = {"file_id": str(file.id)}
    await audit(tx, f"{tx.process}.approval.read_file", subject_type=SUBJECT, subject_id=case_id, facts=facts)
    return await keeping.contents(tx, store, file), file, await keeping.name_of(tx, file)


def _rows(case_id: UUID):  # type: ignore[no-untyped-def]  # the type of a two-entity select is the library's own
    return (
        select(ApprovalFile, File)
        .join(File, (col(File.tenant_id) == col(ApprovalFile.tenant_id)) & (col(File.id) == col(ApprovalFile.file_id)))
        .where(col(ApprovalFile.case_id) == case_id)
    )


async def _view(tx: Transaction, row: ApprovalFile, file: File) -> CaseFileView:
    return CaseFileView(
        id=file.id,
        name=await keeping.name_of(tx, file),
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        user_id=row.user_id,
        added_at=row.added_at,
    )
