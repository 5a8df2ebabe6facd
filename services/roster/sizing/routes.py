"""Operations on the sizes of communities."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.permissions import HEADCOUNT_READ, SIZE_WRITE
from services.roster.sizing import actions
from services.roster.sizing.schemas import NormView, SizeBody, SizeView

router = Router(service="roster", tag="staffing")


@router.get("/community-norm", permission=HEADCOUNT_READ, articles=["SH-5"], problems=[ParameterNotSet])
async def read_norm(
    tx: Tx,
    size: Annotated[int, Query(ge=0, le=10_000_000, description="Households, or people where the norm counts them.")],
    on: Annotated[IsoDay | None, Query()] = None,
) -> NormView:
    """The posts that a community of a size may have, and those that are proposed."""
    return await actions.norm(tx, size, on)


@router.post(
    "/community-sizes",
    permission=SIZE_WRITE,
    creates=True,
    status_code=201,
    articles=["SH-5"],
    problems=[ParameterNotSet, RuleRefused],
)
async def record_size(tx: Tx, body: SizeBody) -> SizeView:
    """Record the households of a community with day and document, and the number of posts where one is chosen."""
    return await actions.record(tx, body)


@router.get("/community-sizes", permission=HEADCOUNT_READ, articles=["SH-5"])
async def list_sizes(tx: Tx, paging: PageOf, unit_id: Annotated[UUID | None, Query()] = None) -> Page[SizeView]:
    """Sizes recorded in the scope, newest first."""
    return await actions.sizes(tx, paging, unit_id)


@router.get("/community-sizes/{size_id}", permission=HEADCOUNT_READ, articles=["SH-5"])
async def read_size(tx: Tx, size_id: UUID) -> SizeView:
    """One recorded size."""
    return await actions.read(tx, size_id)
