"""HTTP of the directory."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from gateway.directory import actions, permissions, queries
from gateway.directory.edge_facts import post_change
from gateway.directory.reorganisation import queries as history
from gateway.directory.schemas import (
    DepartmentView,
    PostEnd,
    PostGrant,
    PostView,
    TenantView,
    TimeMove,
    UnitRename,
    UnitView,
    UserMake,
    UserView,
)
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page

router = Router(service="directory", tag="directory")
development = Router(service="directory", tag="directory")
"""What only the development profile publishes."""


@router.get("/tenant", permission=permissions.TENANT_READ)
async def get_tenant(tx: Tx) -> TenantView:
    """The own tenant and its business time."""
    return actions.tenant_view(tx, await queries.tenant(tx))


@development.post("/business-time", permission=permissions.TIME_MOVE, creates=True)
async def move_business_time(tx: Tx, body: TimeMove) -> TenantView:
    """Move the tenant's business time on; never backward. Not published in production."""
    return await actions.move_time(tx, body.business_time)


@router.get("/units", permission=permissions.UNIT_READ)
async def list_units(
    tx: Tx,
    paging: PageOf,
    level: Annotated[str | None, Query(max_length=20)] = None,
    parent_id: UUID | None = None,
    on: IsoDay | None = None,
) -> Page[UnitView]:
    """The units in tree order; with `on` those that stood on that day, as they were then, by code."""
    if on is not None:
        items, following = await history.units_on(tx, paging, on=on, level=level, parent_id=parent_id)
    else:
        items, following = await queries.units(tx, paging, level=level, parent_id=parent_id)
    return Page(items=items, next=following)


@router.get("/units/{unit_id}", permission=permissions.UNIT_READ)
async def get_unit(tx: Tx, unit_id: UUID) -> UnitView:
    """One unit."""
    return UnitView.model_validate(await queries.unit(tx, unit_id))


@router.patch("/units/{unit_id}", permission=permissions.UNIT_WRITE)
async def rename_unit(tx: Tx, unit_id: UUID, body: UnitRename, version: IfMatch) -> UnitView:
    """Give a unit another name."""
    return await actions.rename_unit(tx, unit_id, version, body)


@router.get("/units/{unit_id}/departments", permission=permissions.POST_READ)
async def list_departments(tx: Tx, unit_id: UUID) -> list[DepartmentView]:
    """The departments of a unit."""
    return await queries.departments(tx, unit_id)


@router.get("/posts", permission=permissions.POST_READ)
async def list_posts(tx: Tx, paging: PageOf) -> Page[PostView]:
    """The posts in tree order."""
    items, following = await queries.posts(tx, paging)
    return Page(items=items, next=following)


@router.get("/posts/{post_id}", permission=permissions.POST_READ)
async def get_post(tx: Tx, post_id: UUID) -> PostView:
    """One post."""
    return await queries.post(tx, post_id)


@router.post("/posts", permission=permissions.POST_WRITE, creates=True, status_code=201)
async def give_post(tx: Tx, body: PostGrant) -> PostView:
    """Give a user a post."""
    return await actions.give_post(tx, body)


@router.patch("/posts/{post_id}", permission=permissions.POST_WRITE)
async def end_post(request: Request, tx: Tx, post_id: UUID, body: PostEnd, version: IfMatch) -> PostView:
    """End a post. Answered once every edge knows, so nobody acts in it after that."""
    ended = await actions.end_post(tx, post_id, version, body)
    tx.after_commit.append(partial(request.app.state.edge_feed.publish, post_change(tx.tenant, ended)))
    return ended


@router.post("/users", permission=permissions.USER_WRITE, creates=True, status_code=201)
async def make_user(tx: Tx, body: UserMake) -> UserView:
    """Make an official, who holds no post and no password yet."""
    return await actions.make_official(tx, body)
