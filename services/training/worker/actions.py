"""Keeping the read model of posts true to roster's events."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from services.training.worker import queries
from services.training.worker.schemas import PostNews


async def take_post(tx: Transaction, news: dict[str, object]) -> PostNews:
    """Note a post taken, once."""
    post = PostNews.model_validate(news)
    await queries.add(tx, post)
    return post


async def leave_post(tx: Transaction, post_id: UUID, valid_before: date) -> None:
    """Note that a post is held no longer."""
    await queries.end(tx, post_id, valid_before)
