"""Operations on the admission of matters; the register of what was admitted is for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.admission import actions, queries
from services.roster.admission.schemas import (
    Adjustment,
    AdmissionApply,
    AdmissionState,
    AdmissionSummary,
    AdmissionView,
    AdmittedView,
    BarredFinding,
    Decline,
    DeclinedView,
    Removal,
    Word,
)
from services.roster.permissions import (
    ADMISSION_ADJUST,
    ADMISSION_APPLY,
    ADMISSION_DECLINE,
    ADMISSION_DETERMINE,
    ADMISSION_READ,
    ADMISSION_VIEW,
)

router = Router(service="roster", tag="admissions")

Community = Annotated[UUID | None, Query(description="Of this community.")]
Register = Annotated[Word | None, Query(description="Of this register.")]


@router.post(
    "/admissions",
    permission=ADMISSION_APPLY,
    creates=True,
    status_code=201,
    articles=["NM-21", "NM-22", "SH-12", "SH-13", "SH-14", "SH-23"],
    problems=[RuleRefused, ParameterNotSet],
)
async def apply_for_admission(tx: Tx, body: AdmissionApply) -> AdmissionView:
    """Apply for work, a signboard, a certificate, an app, an account or a work group to be admitted to a community."""
    return await actions.apply(tx, body)


@router.get("/admissions", permission=ADMISSION_READ, articles=["NM-21", "SH-12"])
async def list_admissions(
    tx: Tx,
    paging: PageOf,
    community_unit_id: Community = None,
    register_kind: Register = None,
    state: Annotated[AdmissionState | None, Query()] = None,
) -> Page[AdmissionSummary]:
    """The applications and admissions of the scope."""
    return await queries.page(tx, paging, community_unit_id=community_unit_id, register_kind=register_kind, state=state)


@router.get("/admissions/{admission_id}", permission=ADMISSION_READ, articles=["NM-21", "NM-22", "SH-12", "SH-13"])
async def read_admission(tx: Tx, admission_id: UUID) -> AdmissionView:
    """One application or admission with findings and history."""
    return await queries.view(tx, await queries.get(tx, admission_id))


@router.post(
    "/admissions/{admission_id}/determination",
    permission=ADMISSION_DETERMINE,
    creates=True,
    articles=["NM-22", "SH-12"],
    problems=[WrongState, ParameterNotSet],
)
async def determine_admission(tx: Tx, admission_id: UUID, body: BarredFinding) -> AdmissionView:
    """Determine whether a matter outside the list is of the barred kind."""
    return await actions.determine(tx, admission_id, body)


@router.put("/admissions/{admission_id}", permission=ADMISSION_ADJUST, articles=["NM-21"], problems=[WrongState])
async def adjust_admission(tx: Tx, admission_id: UUID, version: IfMatch, body: Adjustment) -> AdmissionView:
    """Adjust something admitted."""
    return await actions.adjust(tx, admission_id, version, body)


@router.post(
    "/admissions/{admission_id}/remove",
    permission=ADMISSION_ADJUST,
    creates=True,
    articles=["NM-21"],
    problems=[WrongState],
)
async def remove_admission(tx: Tx, admission_id: UUID, body: Removal) -> AdmissionView:
    """Take something off the register."""
    return await actions.remove(tx, admission_id, body)


@router.post(
    "/declined-matters",
    permission=ADMISSION_DECLINE,
    creates=True,
    status_code=201,
    articles=["NM-21", "SH-12"],
    problems=[RuleRefused, ParameterNotSet],
)
async def decline_matter(tx: Tx, body: Decline) -> DeclinedView:
    """Decline, as the community, what was asked of it without admission."""
    return await actions.decline(tx, body)


@router.get("/declined-matters", permission=ADMISSION_READ, articles=["NM-21", "SH-12"])
async def list_declined_matters(tx: Tx, paging: PageOf) -> Page[DeclinedView]:
    """What the communities of the scope declined."""
    return await queries.declined(tx, paging)


@router.get("/admitted-matters", permission=ADMISSION_VIEW, articles=["NM-21", "SH-12"])
async def list_admitted_matters(
    tx: Tx, paging: PageOf, community_unit_id: Community = None, register_kind: Register = None
) -> Page[AdmittedView]:
    """What stands in the registers today, for everybody."""
    return await queries.public(tx, paging, community_unit_id=community_unit_id, register_kind=register_kind)
