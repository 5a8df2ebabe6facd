"""Keeping and showing the results of training (SH-27)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org import queries as org
from services.assessment.learning import queries, rules
from services.assessment.learning.schemas import LearningNews, LearningView


async def keep(tx: Transaction, news: dict[str, object]) -> None:
    """Keep what training tells of a need."""
    await queries.keep(tx, LearningNews.model_validate(news))


async def results(tx: Transaction, paging: Paging, *, year: int | None, person_id: UUID | None) -> Page[LearningView]:
    """The hours of the scope as facts for the assessment; `NotRegulated` where the regulation ties them to nothing."""
    figure = (await org.pack(tx)).parameter(rules.RESULTS_USED_IN, tx.today)
    rules.check_used(figure)
    rows, following = await queries.page(tx, paging, year=year, person_id=person_id)
    items = [
        LearningView.model_validate(
            row.model_dump()
            | {"findings": [rules.finding(figure, row.required_hours, row.credited_hours, row.met_on).as_json()]}
        )
        for row in rows
    ]
    return Page[LearningView](items=items, next=following)
