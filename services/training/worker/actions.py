"""Keeping the read model of posts, and what the year owes after each change of it (NM-20)."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from services.training.worker import queries
from services.training.worker.schemas import PostNews
from services.training.yearly import actions as yearly


async def take_post(tx: Transaction, news: dict[str, object]) -> None:
    """Note a post taken; it opens the need of the present year and may raise one that stands."""
    post = PostNews.model_validate(news)
    await queries.add(tx, post)
    await yearly.review(tx, post.person_id, open_year=tx.today.year)


async def leave_post(tx: Transaction, person_id: UUID, post_id: UUID, valid_before: date) -> None:
    """Note that a post is held no longer; a year in which none was held owes nothing."""
    await queries.end(tx, post_id, valid_before)
    await yearly.review(tx, person_id)
