"""The row that makes a received file one of the records, and reading its contents again."""

import base64
from collections.abc import AsyncGenerator
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Problem, Text
from kernel.files.receiving import Received, bound_to
from kernel.files.sealing import unseal
from kernel.files.store import ObjectMissing, ObjectStore
from kernel.files.tables import File
from kernel.privacy.fields import protect, reveal
from kernel.privacy.kms import current

KEY = "k_file.sealed_key"
NAME = "k_file.sealed_name"
"""Places that the ciphertexts are bound to."""


class ContentsLost(Problem):
    """The row stands but the store no longer holds the contents."""

    name = "contents-lost"
    title = Text("文件内容缺失", "The contents of the file are missing")
    advice = Text("请联系管理员从备份恢复", "Ask the administrator to restore them from the backup.")


async def keep(tx: Transaction, received: Received, *, unit_no: int, person_id: UUID | None) -> File:
    """Record the file in the caller's transaction. Raises `PersonErased`."""
    if person_id is None:
        key = await current().wrap(tx.tenant, received.key, bound_to(tx.tenant, received.id))
        name = None
    else:
        coded = base64.b64encode(received.key).decode()
        key = await protect(tx, person_id, column=KEY, row_id=received.id, value=coded)
        name = (
            await protect(tx, person_id, column=NAME, row_id=received.id, value=received.name)
            if received.name is not None
            else None
        )
    file = File(
        tenant_id=tx.tenant,
        id=received.id,
        unit_no=unit_no,
        person_id=person_id,
        sha256=received.sha256,
        size=received.size,
        media_type=received.media_type,
        sealed_key=key,
        sealed_name=name,
        uploaded_at=tx.now,
    )
    tx.session.add(file)
    await tx.session.flush()
    return file


async def row(tx: Transaction, file_id: UUID) -> File:
    """The file's row; `NotFound` outside the scope, for persons where it is not about them."""
    found = (await tx.session.execute(select(File).where(col(File.id) == file_id))).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def name_of(tx: Transaction, file: File) -> str | None:
    """The name that the sender gave, if it was kept. Raises `PersonErased`."""
    if file.person_id is None or file.sealed_name is None:
        return None
    return await reveal(tx, file.person_id, column=NAME, row_id=file.id, stored=file.sealed_name)


async def contents(tx: Transaction, store: ObjectStore, file: File) -> AsyncGenerator[bytes]:
    """The contents part by part; they may be read after the transaction has ended.

    Raises `PersonErased`, `ContentsLost`. Whoever calls this audits the reading of personal documents.
    """
    if file.person_id is None:
        key = await current().unwrap(tx.tenant, file.sealed_key, bound_to(tx.tenant, file.id))
    else:
        key = base64.b64decode(await reveal(tx, file.person_id, column=KEY, row_id=file.id, stored=file.sealed_key))
    try:
        sealed = await store.open(tx.tenant, file.id)
    except ObjectMissing as missing:
        raise ContentsLost(cause=str(missing)) from missing
    return unseal(sealed, key, bound_to(tx.tenant, file.id))
