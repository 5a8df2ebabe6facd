"""Keeping the read model of posts, and choosing who is assessed from it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.org.tables import OrgUnit
from services.assessment.method import Participation
from services.assessment.participant import queries, rules
from services.assessment.participant.schemas import PostNews, PostView


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of the unit in the year: the post they stand under, and whether they take part."""

    post: PostView
    standing: rules.Standing


async def take_post(tx: Transaction, news: dict[str, object]) -> None:
    """Note a post taken; what only duty told of the dossier gives way to it."""
    post = PostNews.model_validate(news)
    await queries.remove_duties(tx, post.dossier_id)
    await queries.add(tx, post)


async def start_duty(tx: Transaction, news: dict[str, object]) -> None:
    """Note a duty started, unless roster tells of the dossier's posts themselves."""
    post = PostNews.model_validate(news)
    if not await queries.has_posts(tx, post.dossier_id):
        await queries.add(tx, post)


async def leave_post(tx: Transaction, post_id: UUID, valid_before: date) -> None:
    """Note that a post is held no longer."""
    await queries.end(tx, post_id, valid_before)


async def choose(tx: Transaction, unit: OrgUnit, terms: Participation, year: int, reference_on: date) -> list[Listed]:
    """Everybody with a post in the unit in the year, once each, with the reason why they take part or not.

    A person stands under the post held last. Posts outside the asker's scope are not seen: months in another county
    are that county's to assess.
    """
    posts = await queries.held_in(tx, unit.unit_no, unit.last_no, date(year, 1, 1), date(year + 1, 1, 1))
    found = []
    for _, several in groupby(posts, key=lambda post: post.person_id):
        mine = list(several)
        spans = [rules.Span(post.valid_from, post.valid_before, post.category) for post in mine]
        last = max(mine, key=lambda post: (post.valid_before is None, post.valid_before or post.valid_from, post.id))
        found.append(Listed(last, rules.standing(terms, spans, year, reference_on)))
    return found
