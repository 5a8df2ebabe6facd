"""Operations on results of training."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.learning import actions
from services.assessment.learning.schemas import LearningView
from services.assessment.permissions import RESULT_READ

router = Router(service="assessment", tag="training results")


@router.get("/training-results", permission=RESULT_READ, articles=["SH-27"], problems=[ParameterNotSet, RuleRefused])
async def list_training_results(
    tx: Tx,
    paging: PageOf,
    year: Annotated[int | None, Query(ge=2000, lt=2200)] = None,
    person_id: Annotated[UUID | None, Query()] = None,
) -> Page[LearningView]:
    """What training counts for in the assessment: hours owed and done, by person."""
    return await actions.results(tx, paging, year=year, person_id=person_id)
