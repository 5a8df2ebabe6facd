"""What goes in and out of the directory over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View

Title = Annotated[str, Field(min_length=1, max_length=100)]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""The kind of a department, as the regulation names it."""
UserName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{2,63}$")]


class TenantView(View):
    """The own tenant and the business instant at which it lives."""

    id: UUID
    slug: str
    title: str
    status: str
    business_time: datetime
    version: int


class UnitView(View):
    """A unit and its place in the tree; periods are half-open."""

    id: UUID
    unit_no: int
    last_no: int
    level: str
    code: str
    title: str
    parent_id: UUID | None
    valid_from: date
    valid_before: date | None
    version: int


class UnitRename(Body):
    """A new name for a unit."""

    title: Title


class DepartmentView(View):
    """A department of a unit; without first day it stands as long as the unit."""

    id: UUID
    unit_id: UUID
    kind: str
    title: str
    valid_from: date | None
    valid_before: date | None
    version: int


class PostView(View):
    """A post, with the place it acts from."""

    id: UUID
    user_id: UUID
    display_name: str
    department_id: UUID
    department_kind: str
    unit_id: UUID
    unit_no: int
    last_no: int
    unit_title: str
    department_title: str
    level: str
    duty: str
    acting: bool
    valid_from: date
    valid_before: date | None
    version: int


class PostGrant(Body):
    """Give a user a post from a day on, for a term where its end is named; `acting`: for the time being (代职)."""

    user_id: UUID
    department_id: UUID
    duty: Annotated[str, Field(pattern="^(handler|approver|viewer)$")]
    valid_from: date
    valid_before: date | None = None
    acting: bool = False


class PostEnd(Body):
    """End a post; `valid_before` is the first day on which it is no longer held."""

    valid_before: date


class UserMake(Body):
    """A new official; the password is given separately, by the identity server."""

    user_name: UserName
    display_name: Title


class UserView(View):
    """A user, without credentials."""

    id: UUID
    user_name: str
    display_name: str
    person_id: UUID | None
    status: str
    version: int


class TimeMove(Body):
    """The business instant to move on to."""

    business_time: datetime
