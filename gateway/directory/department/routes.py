"""HTTP of departments."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.directory import permissions
from gateway.directory import queries as directory
from gateway.directory.department import actions, queries
from gateway.directory.department.schemas import DepartmentClose, DepartmentMake
from gateway.directory.schemas import DepartmentView
from kernel.errors import WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page

router = Router(service="directory", tag="directory")


@router.post("/departments", permission=permissions.DEPARTMENT_WRITE, creates=True, status_code=201)
async def make_department(tx: Tx, body: DepartmentMake) -> DepartmentView:
    """Set up a department of a kind that the regulation knows at the unit's level."""
    return await actions.make(tx, body)


@router.get("/departments", permission=permissions.POST_READ)
async def find_departments(
    tx: Tx,
    paging: PageOf,
    unit_id: UUID | None = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    on: IsoDay | None = None,
) -> Page[DepartmentView]:
    """The departments in tree order; `on`: only those that stand on that day."""
    items, following = await queries.page(tx, paging, unit_id=unit_id, kind=kind, on=on)
    return Page(items=items, next=following)


@router.get("/departments/{department_id}", permission=permissions.POST_READ)
async def get_department(tx: Tx, department_id: UUID) -> DepartmentView:
    """One department."""
    return DepartmentView.model_validate(await directory.department(tx, department_id))


@router.patch("/departments/{department_id}", permission=permissions.DEPARTMENT_WRITE, problems=[WrongState])
async def close_department(tx: Tx, department_id: UUID, body: DepartmentClose, version: IfMatch) -> DepartmentView:
    """Close a department on a day on which no post in it is held any more."""
    return await actions.close(tx, department_id, version, body)
