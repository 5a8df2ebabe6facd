"""HTTP of substitutions: under the post that is stood in for."""

from functools import partial
from uuid import UUID

from fastapi import Request

from gateway.directory import permissions
from gateway.directory import queries as directory
from gateway.directory.substitution import actions, queries
from gateway.directory.substitution.schemas import SubstituteEnd, SubstituteGrant, SubstituteView
from gateway.edgefeed.changes import SubstituteSet
from kernel.db.transaction import Transaction
from kernel.errors import RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="directory", tag="directory")


@router.post(
    "/posts/{post_id}/substitutes",
    permission=permissions.SUBSTITUTE_WRITE,
    creates=True,
    status_code=201,
    problems=[RuleRefused],
)
async def appoint_substitute(tx: Tx, post_id: UUID, body: SubstituteGrant) -> SubstituteView:
    """Let a user stand in for the holder of a post for some days."""
    return await actions.appoint(tx, post_id, body)


@router.get("/posts/{post_id}/substitutes", permission=permissions.POST_READ)
async def list_substitutes(tx: Tx, post_id: UUID, paging: PageOf) -> Page[SubstituteView]:
    """Who stands, stood and will stand in for the holder of a post."""
    await directory.post(tx, post_id)
    items, following = await queries.of_post(tx, post_id, paging)
    return Page(items=items, next=following)


@router.get("/posts/{post_id}/substitutes/{substitute_id}", permission=permissions.POST_READ)
async def get_substitute(tx: Tx, post_id: UUID, substitute_id: UUID) -> SubstituteView:
    """One substitution."""
    await directory.post(tx, post_id)
    return await queries.one(tx, post_id, substitute_id)


@router.patch(
    "/posts/{post_id}/substitutes/{substitute_id}", permission=permissions.SUBSTITUTE_WRITE, problems=[WrongState]
)
async def end_substitute(
    request: Request, tx: Tx, post_id: UUID, substitute_id: UUID, body: SubstituteEnd, version: IfMatch
) -> SubstituteView:
    """End a substitution. Answered once every edge knows, so nobody acts on another's behalf after that."""
    ended = await actions.end(tx, post_id, substitute_id, version, body)
    tell_edges(request, tx, ended)
    return ended


def tell_edges(request: Request, tx: Transaction, ended: SubstituteView) -> None:
    """Have the answer wait until every edge knows that a substitution was ended."""
    change = SubstituteSet(
        id=ended.id,
        tenant=tx.tenant,
        post=ended.post_id,
        user=ended.user_id,
        valid_from=ended.valid_from,
        valid_before=ended.valid_before,
    )
    tx.after_commit.append(partial(request.app.state.edge_feed.publish, change))
