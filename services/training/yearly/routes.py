"""Operations on yearly compliance."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.training.permissions import COMPLIANCE_READ
from services.training.yearly import actions
from services.training.yearly.schemas import ComplianceView, UnitCompliance

router = Router(service="training", tag="compliance")

Year = Annotated[int | None, Query(ge=2000, le=2200, description="Calendar year; the present one if not named.")]
UnitId = Annotated[UUID | None, Query(description="A unit in the scope; with it only what lies below.")]


@router.get("/compliance", permission=COMPLIANCE_READ, articles=["NM-20", "SH-27"], problems=[ParameterNotSet])
async def list_compliance(
    tx: Tx,
    paging: PageOf,
    year: Year = None,
    unit_id: UnitId = None,
    short: Annotated[bool | None, Query(description="Only who is short, or only who is not.")] = None,
) -> Page[ComplianceView]:
    """Who owes what in a year, has how much of it, and is short; by community."""
    return await actions.compliance(tx, paging, year=year, unit_id=unit_id, short=short)


@router.get("/compliance/units", permission=COMPLIANCE_READ, articles=["NM-20", "SH-27"])
async def list_unit_compliance(
    tx: Tx, paging: PageOf, year: Year = None, unit_id: UnitId = None
) -> Page[UnitCompliance]:
    """How many are short in each community."""
    return await actions.by_unit(tx, paging, year=year, unit_id=unit_id)
