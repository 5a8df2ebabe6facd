"""Operations on transfers: of the giving side, of the worker, of the receiving side."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import TRANSFER_ACCEPT, TRANSFER_OWN, TRANSFER_READ, TRANSFER_RELEASE
from services.roster.transfer import actions, queries
from services.roster.transfer.schemas import Consent, Decision, ReceptionView, Release, TransferView, Withdrawal

router = Router(service="roster", tag="transfers")


@router.post(
    "/transfers",
    permission=TRANSFER_RELEASE,
    creates=True,
    status_code=201,
    articles=["NM-23", "NM-7"],
    problems=[RuleRefused, WrongState],
)
async def release_worker(tx: Tx, body: Release) -> TransferView:
    """Release a worker to a community elsewhere; the worker's consent is asked next."""
    return await actions.release(tx, body)


@router.get("/transfers", permission=TRANSFER_READ, articles=["NM-23"])
async def list_transfers(
    tx: Tx, paging: PageOf, dossier_id: Annotated[UUID | None, Query()] = None
) -> Page[TransferView]:
    """The transfers away from the scope, also those of workers who are gone."""
    return await queries.transfers(tx, paging, dossier_id)


@router.get("/transfers/{transfer_id}", permission=TRANSFER_READ, articles=["NM-23"])
async def read_transfer(tx: Tx, transfer_id: UUID) -> TransferView:
    """One transfer, with the posts that it ended."""
    return TransferView.model_validate(await queries.transfer(tx, transfer_id))


@router.post(
    "/transfers/{transfer_id}/withdrawal",
    permission=TRANSFER_RELEASE,
    creates=True,
    articles=["NM-23"],
    problems=[WrongState],
)
async def withdraw_transfer(tx: Tx, transfer_id: UUID, body: Withdrawal) -> TransferView:
    """Take a release back before it was accepted."""
    return await actions.withdraw(tx, transfer_id, body)


@router.get("/own/transfers", permission=TRANSFER_OWN, articles=["NM-23"])
async def own_transfers(tx: Tx) -> Page[TransferView]:
    """The transfers of the person who asks."""
    return Page[TransferView](items=await queries.own(tx))


@router.post(
    "/own/transfers/{transfer_id}/consent",
    permission=TRANSFER_OWN,
    creates=True,
    articles=["NM-23"],
    problems=[WrongState],
)
async def answer_transfer(tx: Tx, transfer_id: UUID, body: Consent) -> TransferView:
    """Consent to one's own transfer, or decline it; nothing reaches the receiving side before."""
    return await actions.consent(tx, transfer_id, body)


@router.get("/receptions", permission=TRANSFER_READ, articles=["NM-23"])
async def list_receptions(tx: Tx, paging: PageOf) -> Page[ReceptionView]:
    """The workers offered to the scope."""
    return await queries.receptions(tx, paging)


@router.get("/receptions/{transfer_id}", permission=TRANSFER_READ, articles=["NM-23"])
async def read_reception(tx: Tx, transfer_id: UUID) -> ReceptionView:
    """One worker offered, with years of service and rank as evidence."""
    return ReceptionView.model_validate(await queries.reception(tx, transfer_id))


@router.post(
    "/receptions/{transfer_id}/decision",
    permission=TRANSFER_ACCEPT,
    creates=True,
    articles=["NM-23"],
    problems=[RuleRefused, WrongState],
)
async def decide_reception(tx: Tx, transfer_id: UUID, body: Decision) -> ReceptionView:
    """Accept or refuse a worker offered; accepted, the transfer takes effect on its day."""
    return await actions.decide(tx, transfer_id, body)
