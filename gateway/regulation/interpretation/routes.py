"""HTTP of interpretations."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.regulation import permissions
from gateway.regulation.interpretation import actions, queries
from gateway.regulation.interpretation.schemas import InterpretationBody, PublishedInterpretation
from kernel.errors import ParameterNotSet
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="regulation", tag="interpretations")


@router.post(
    "/interpretations",
    permission=permissions.INTERPRET,
    creates=True,
    status_code=201,
    articles=["NM-39", "SH-29"],
    problems=[ParameterNotSet],
)
async def publish_interpretation(tx: Tx, body: InterpretationBody) -> PublishedInterpretation:
    """Attach the interpreting organ's answer to an article; it is shown with every finding that cites it."""
    return await actions.publish(tx, body)


@router.get("/interpretations", permission=permissions.PACK_READ)
async def list_interpretations(
    tx: Tx, paging: PageOf, article: Annotated[str | None, Query(max_length=40)] = None
) -> Page[PublishedInterpretation]:
    """Published interpretations, of one article or all."""
    items, following = await queries.page(tx, paging, article)
    return Page(items=items, next=following)


@router.get("/interpretations/{interpretation_id}", permission=permissions.PACK_READ)
async def get_interpretation(tx: Tx, interpretation_id: UUID) -> PublishedInterpretation:
    """One interpretation."""
    return queries.view(await queries.one(tx, interpretation_id))
