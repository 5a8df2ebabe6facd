"""Applications over HTTP; personal numbers go out masked only."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, SecretStr, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ApplicationState = Literal[
    "submitted", "withdrawn", "qualified", "not_qualified", "failed", "proposed", "hired", "not_hired"
]

labelled(
    "recruitment.application_state",
    {
        "submitted": ("已报名", "Signed up"),
        "withdrawn": ("已撤销报名", "Withdrawn"),
        "qualified": ("资格审查通过", "Qualified"),
        "not_qualified": ("资格审查未通过", "Not qualified"),
        "failed": ("选拔环节未通过", "Not passed in selection"),
        "proposed": ("拟聘用", "Proposed for hire"),
        "hired": ("已聘用", "Hired"),
        "not_hired": ("未聘用", "Not hired"),
    },
)

Declared = bool | int | str | list[str] | list[int]


class SignUp(Body):
    """A sign-up. `education_code`: GB/T 4658, two digits. `declarations`: what the notice lists, all of it.

    The date of birth is read from the ID number (GB 11643).
    """

    item_id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    id_number: Annotated[SecretStr, Field(max_length=30)]
    phone: Annotated[SecretStr, Field(max_length=20, description="Mobile number, 11 digits.")]
    education_code: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]$")]
    declarations: Annotated[dict[str, Declared], Field(max_length=100, default_factory=dict)]


class ApplicationSummary(View):
    """An application in a list."""

    id: UUID
    notice_id: UUID
    item_id: UUID
    state: ApplicationState
    name: str
    id_number: str | None = Field(description="Masked; null once the person's data was erased.")
    submitted_at: AwareDatetime
    version: int


class ApplicationView(ApplicationSummary):
    """An application as reviewers and the applicant see it: numbers masked."""

    phone: str | None = Field(description="Masked; null once the person's data was erased.")
    education_code: str
    declarations: dict[str, Any]
