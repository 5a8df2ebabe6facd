"""Imports: read what was uploaded, hold it against the tenant, and make all of it or nothing."""

import asyncio
from collections.abc import Sequence

from gateway.directory.imports import officials, units
from gateway.directory.imports.columns import OFFICIALS, UNITS
from gateway.directory.imports.schemas import ImportView, RowError
from kernel.bulk import excel
from kernel.bulk.sheet import Column, Sheet
from kernel.db.transaction import Transaction
from kernel.errors import InvalidInput, Text
from kernel.events.outbox import audit
from kernel.files.receiving import Received, bound_to
from kernel.files.sealing import unseal
from kernel.files.store import ObjectStore

MAX_UNITS = 3_000
MAX_OFFICIALS = 10_000
"""Rows at once; what a request can carry out before the edge gives up."""
SHOWN_ERRORS = 200
"""Whoever has more mends these first."""


async def import_units(
    tx: Transaction, store: ObjectStore, file: Received, document: str, *, dry_run: bool
) -> ImportView:
    """Make the units of a workbook today by the decision `document`. Raises `InvalidInput` with each row's faults."""
    sheet = await _read(tx, store, file, UNITS, MAX_UNITS)
    view = await units.run(tx, sheet, document, dry_run=dry_run)
    return await _settle(tx, sheet, view, file)


async def import_officials(tx: Transaction, store: ObjectStore, file: Received, *, dry_run: bool) -> ImportView:
    """Make the officials of a workbook, with their posts. Raises `InvalidInput` with each row's faults."""
    sheet = await _read(tx, store, file, OFFICIALS, MAX_OFFICIALS)
    view = await officials.run(tx, sheet, dry_run=dry_run)
    return await _settle(tx, sheet, view, file)


async def template(title: str, columns: Sequence[Column]) -> bytes:
    """An empty workbook to fill in."""
    return await asyncio.to_thread(excel.write, title, columns)


async def _read(tx: Transaction, store: ObjectStore, file: Received, columns: Sequence[Column], max_rows: int) -> Sheet:
    """The sheet; the upload itself is not kept, since no record refers to it."""
    sealed = await store.open(tx.tenant, file.id)
    content = b"".join([part async for part in unseal(sealed, file.key, bound_to(tx.tenant, file.id))])
    await store.delete(tx.tenant, file.id)
    return await asyncio.to_thread(excel.read, content, columns, max_rows=max_rows)


async def _settle(tx: Transaction, sheet: Sheet, view: ImportView, file: Received) -> ImportView:
    """A trial answers its faults; an import with faults is refused, so that nothing of it stays."""
    faults = sorted(sheet.faults, key=lambda fault: fault.row)[:SHOWN_ERRORS]
    if view.dry_run:
        errors = [
            RowError(row=fault.row, column=fault.heading, message=fault.message.say(tx.context.language))
            for fault in faults
        ]
        return view.model_copy(update={"errors": errors})
    if faults:
        detail = Text(
            f"表格有{len(sheet.faults)}处错误，未导入任何数据", f"{len(sheet.faults)} faults; nothing was imported."
        )
        raise InvalidInput(detail, errors=[fault.as_error() for fault in faults])
    await audit(
        tx,
        f"directory.{view.kind}.imported",
        subject_type="import",
        subject_id=None,
        facts={"rows": view.rows, "sha256": file.sha256},
    )
    return view
