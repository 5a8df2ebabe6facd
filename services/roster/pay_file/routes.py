"""Operations on bank files."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from kernel.errors import WrongState
from kernel.http.router import Router, Tx
from kernel.privacy.keys import PersonErased
from services.roster.pay_file import actions
from services.roster.pay_file.schemas import FileView, Purpose
from services.roster.permissions import PAYROLL_BANK

router = Router(service="roster", tag="payroll")

ARTICLES = ["SH-15", "NM-16"]
DEADLINE = 60
"""Seconds; every account number is opened with its person's own key."""


@router.post(
    "/pay-runs/{run_id}/bank-files",
    permission=PAYROLL_BANK,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def make_bank_file(tx: Tx, run_id: UUID) -> FileView:
    """Take everybody with an account who stands in no file yet into a new one."""
    return await actions.make(tx, run_id)


# No Idempotency-Key: it would keep the answer, and with it account numbers in clear.
@router.post(
    "/pay-runs/{run_id}/bank-files/{number}/content",
    permission=PAYROLL_BANK,
    articles=ARTICLES,
    problems=[PersonErased],
    deadline=DEADLINE,
    response_class=Response,
)
async def open_bank_file(
    tx: Tx, run_id: UUID, number: Annotated[int, Path(ge=1, le=10_000)], body: Purpose
) -> Response:
    """The file as comma-separated values, account numbers in full, for a stated reason."""
    made = await actions.content(tx, run_id, number, body)
    headers = {"Content-Disposition": f'attachment; filename="pay-{run_id}-{number}.csv"'}
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)
