"""Users as directory keeps them, in the form that sign-in asks: who, and what they may act as on this day."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from gateway.directory import queries as directory
from gateway.directory.schemas import PostView
from gateway.directory.tables import User
from gateway.identity.schemas import Holder, PostChoice
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text

DUTIES = {
    "handler": Text("经办", "handler"),
    "approver": Text("审批", "approver"),
    "viewer": Text("查阅", "viewer"),
}


async def enter_tenant(tx: Transaction) -> str | None:
    """Move the transaction to the tenant's business time; the tenant's title, or None when it is not active.

    Tokens keep real time; which posts are held is a question of the tenant's day.
    """
    try:
        tenant = await directory.tenant(tx)
    except NotFound:
        return None
    if tenant.status != "active":
        return None
    offset = timedelta(seconds=tenant.business_offset_seconds)
    tx.context = replace(tx.context, business_time=utcnow() + offset)
    return tenant.title


async def holder_by_id(tx: Transaction, user_id: UUID) -> Holder | None:
    """The active user of that id, with the posts held today."""
    return await _holder(tx, await directory.user_by_id(tx, user_id))


async def holder_by_name(tx: Transaction, user_name: str) -> Holder | None:
    """The active user of that name, with the posts held today."""
    return await _holder(tx, await directory.user_by_name(tx, user_name))


async def _holder(tx: Transaction, user: User | None) -> Holder | None:
    if user is None:
        return None
    posts = [_choice(post) for post in await directory.acting_posts(tx, user.id, tx.today)]
    for post, before in await directory.posts_stood_in_for(tx, user.id, tx.today):
        last = before - timedelta(days=1)
        posts.append(_choice(post, f"，代理{post.display_name}至{last}", f", for {post.display_name} until {last}"))
    return Holder(user.id, user.user_name, user.display_name, user.person_id, tuple(posts))


def _choice(post: PostView, instead_zh: str = "", instead_en: str = "") -> PostChoice:
    duty = DUTIES.get(post.duty, Text(post.duty, post.duty))
    place = f"{post.unit_title} {post.department_title}"
    return PostChoice(post.id, f"{place}（{duty.zh}{instead_zh}）", f"{place} ({duty.en}{instead_en})")
