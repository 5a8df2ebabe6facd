"""What goes in and out of training classes over HTTP."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

SessionForm = Literal["off_job", "online", "other"]
Hours = Annotated[
    Decimal,
    Field(gt=0, le=1000, max_digits=6, decimal_places=2),
    AfterValidator(lambda hours: hours.quantize(Decimal("0.01"))),
]
"""Class hours (学时), written as they are stored. A class of more than a thousand is a slip of the pen."""
At = Annotated[
    AwareDatetime,
    Field(ge=datetime(1990, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda instant: instant.astimezone(UTC)),
]
"""An instant, in UTC as it is stored."""

labelled(
    "training.session_form",
    {
        "off_job": ("集中脱产", "off the job"),
        "online": ("线上学习", "online"),
        "other": ("其他形式", "other"),
    },
)


class SessionNew(Body):
    """A class to register. The organiser is a unit in the scope of who registers it."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    form: SessionForm
    starts_at: At
    ends_at: At
    class_hours: Hours
    organiser_unit_id: UUID
    programme_id: UUID | None = Field(default=None, description="The programme it belongs to, of its own year.")
    round: bool = Field(default=False, description="Attendance is the training or round that the programme is for.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A class has a length."""
        if self.ends_at <= self.starts_at:
            text = Text("结束时间应在开始时间之后", "ends_at must be after starts_at")
            raise PydanticCustomError("order", "{text}", {"text": text})
        return self


class SessionView(View):
    """A class as registered."""

    id: UUID
    unit_no: int
    organiser_unit_id: UUID
    title: str
    form: SessionForm
    starts_at: datetime
    ends_at: datetime
    class_hours: Decimal
    programme_id: UUID | None
    round: bool
    version: int
