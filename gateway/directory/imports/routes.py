"""HTTP of imports: the body is the workbook; units by the system administrator, officials by the security one."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from gateway.directory import permissions
from gateway.directory.imports import actions
from gateway.directory.imports.columns import OFFICIALS, UNITS
from gateway.directory.imports.schemas import ImportView
from kernel.bulk.excel import MEDIA_TYPE
from kernel.http.router import Router, Tx
from kernel.http.upload import UPLOAD_DEADLINE_SECONDS, Store, Upload

router = Router(service="directory", tag="directory")
WORKBOOK_BYTES = 4 * 1024 * 1024
"""Ten thousand officials are about 1 MB."""
DryRun = Annotated[bool, Query(description="Only say what would be made and what is wrong.")]
Document = Annotated[str, Query(min_length=1, max_length=500, description="The decision by which the units are made.")]
_BOOK: dict[str, Any] = {
    "creates": True,
    "upload_of": (MEDIA_TYPE,),
    "body_limit": WORKBOOK_BYTES,
    "deadline": UPLOAD_DEADLINE_SECONDS,
}
_FILE: dict[str, Any] = {"response_class": Response, "response_model": None}


@router.post("/imports/units", permission=permissions.UNIT_IMPORT, **_BOOK)
async def import_units(tx: Tx, store: Store, file: Upload, document: Document, dry_run: DryRun) -> ImportView:
    """Make the units of a workbook, all or none; what is wrong is said row by row."""
    return await actions.import_units(tx, store, file, document, dry_run=dry_run)


@router.get("/imports/units/template", permission=permissions.UNIT_IMPORT, **_FILE)
async def unit_template() -> Response:
    """The workbook for units, to fill in."""
    return _attachment(await actions.template("机构", UNITS), "units.xlsx")


@router.post("/imports/officials", permission=permissions.OFFICIAL_IMPORT, **_BOOK)
async def import_officials(tx: Tx, store: Store, file: Upload, dry_run: DryRun) -> ImportView:
    """Make the officials of a workbook with their posts, all or none. None of them has a password by it."""
    return await actions.import_officials(tx, store, file, dry_run=dry_run)


@router.get("/imports/officials/template", permission=permissions.OFFICIAL_IMPORT, **_FILE)
async def official_template() -> Response:
    """The workbook for officials, to fill in."""
    return _attachment(await actions.template("人员", OFFICIALS), "officials.xlsx")


def _attachment(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
