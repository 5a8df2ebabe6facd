"""What goes in and out of duty records over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View


class DutyStart(Body):
    """Put a worker on duty from a day on, today or earlier."""

    dossier_id: UUID
    starts_on: Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]


class DutyView(View):
    """Time on duty in the half-open period [valid_from, valid_before); null while it lasts."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    contract_id: UUID
    category: str
    valid_from: date
    valid_before: date | None
    version: int
