"""What goes in and out of the hours ledger over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from kernel.http.schema import Body, View

Hours = Annotated[
    Decimal,
    Field(ge=0, le=1000, max_digits=6, decimal_places=2),
    AfterValidator(lambda hours: hours.quantize(Decimal("0.01"))),
]
"""Class hours (学时), written as they are stored."""


class Credit(Body):
    """Hours of one person in one class; given once, afterwards corrected."""

    person_id: UUID
    hours: Annotated[Hours, Field(gt=0)]


class Correction(Body):
    """The hours that ought to stand for the class, and why; the ledger gets the difference as a counter-entry."""

    hours: Hours
    reason: Annotated[str, StringConstraints(min_length=4, max_length=200)]


class EntryView(View):
    """One entry of the ledger. A counter-entry names in `corrects_id` the credit whose hours it changes."""

    id: UUID
    unit_no: int
    person_id: UUID
    session_id: UUID
    form: str
    round: bool = Field(description="A training or round of the responsible level, as the class was registered.")
    hours: Decimal
    ended_on: date = Field(description="Last day of the class.")
    corrects_id: UUID | None
    reason: str | None
    entered_at: datetime
