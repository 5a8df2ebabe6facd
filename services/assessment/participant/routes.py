"""Operations on the read model of posts."""

from typing import Annotated

from fastapi import Query

from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay
from services.assessment.participant import queries
from services.assessment.participant.schemas import PostView
from services.assessment.permissions import PARTICIPANT_READ

router = Router(service="assessment", tag="participants")


@router.get("/participants", permission=PARTICIPANT_READ, articles=["NM-28"])
async def list_participants(tx: Tx, paging: PageOf, on: Annotated[IsoDay | None, Query()] = None) -> Listed[PostView]:
    """Who is in post in the scope, as roster has told it; on a day where one is named."""
    return await queries.page(tx, paging, on=on)
