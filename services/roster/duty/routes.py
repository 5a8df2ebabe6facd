"""Operations on duty records."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.duty import actions, queries
from services.roster.duty.schemas import DutyStart, DutyView, TrainingResultView
from services.roster.permissions import DUTY_READ, DUTY_START

router = Router(service="roster", tag="duties")


@router.post(
    "/duties",
    permission=DUTY_START,
    creates=True,
    status_code=201,
    articles=["NM-12", "NM-20", "SH-8"],
    problems=[RuleRefused, WrongState],
)
async def start_duty(tx: Tx, body: DutyStart) -> DutyView:
    """Put a worker on duty: after the contract is signed and, where the regulation asks, the training is done."""
    return await actions.start(tx, body)


@router.get("/duties", permission=DUTY_READ, articles=["NM-20"])
async def list_duties(tx: Tx, paging: PageOf, dossier_id: Annotated[UUID | None, Query()] = None) -> Page[DutyView]:
    """The duty records of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id)


@router.get("/duties/{duty_id}", permission=DUTY_READ, articles=["NM-20"])
async def read_duty(tx: Tx, duty_id: UUID) -> DutyView:
    """One duty record."""
    return await queries.read(tx, duty_id)


@router.get(
    "/dossiers/{dossier_id}/training-results",
    permission=DUTY_READ,
    articles=["SH-27"],
    problems=[ParameterNotSet, RuleRefused],
)
async def read_training_results(tx: Tx, dossier_id: UUID) -> Page[TrainingResultView]:
    """What a worker's training counts for when posts are adjusted."""
    return Page[TrainingResultView](items=await actions.training_results(tx, dossier_id))
