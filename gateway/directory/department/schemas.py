"""What goes in of departments over HTTP; `DepartmentView` is the directory's."""

from datetime import date
from uuid import UUID

from gateway.directory.schemas import Kind, Title
from kernel.http.schema import Body


class DepartmentMake(Body):
    """A department of a unit from a day on; without title it is called what the regulation calls it."""

    unit_id: UUID
    kind: Kind
    title: Title | None = None
    valid_from: date


class DepartmentClose(Body):
    """Close a department; `valid_before` is the first day on which it no longer stands."""

    valid_before: date
