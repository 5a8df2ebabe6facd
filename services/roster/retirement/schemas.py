"""What goes in and out of retirement over HTTP. Months are written YYYY-MM."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class TrackBody(Body):
    """On which track a worker retires, and the document that says so. For women it follows from the post."""

    track: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$", max_length=20)]
    source: Annotated[str, StringConstraints(min_length=4, max_length=200)]


class TrackView(View):
    """The track of a worker with its source."""

    id: UUID
    dossier_id: UUID
    track: str
    source: str


class DueView(View):
    """A worker on the list. `month` is null where the track is not recorded, so that nothing can be computed."""

    dossier_id: UUID
    person_id: UUID
    full_name: str
    unit_no: int
    track: str | None
    month: str | None
    earliest_month: str | None = Field(description="Flexible early retirement; null under the old rule.")
    latest_month: str | None = Field(description="Flexible late retirement; null under the old rule.")
    contribution_months: int | None = Field(
        description="Least months of contributions for a monthly pension, by the year of the statutory month."
    )
    article: str | None
    findings: list[dict[str, Any]]


class RetirementBody(Body):
    """Whose retirement is handled."""

    dossier_id: UUID


class RetirementView(View):
    """A retirement handled: posts, duty and contract end with the day before `ends_before`.

    `by_rules_of_the_term`: an office goes on by the rules of its term, and nothing is ended.
    """

    id: UUID
    dossier_id: UUID
    person_id: UUID
    track: str
    month: date
    ends_before: date
    by_rules_of_the_term: bool
    end: Literal["waiting", "done", "cancelled", "void"] | None
    handled_on: date
    findings: list[dict[str, Any]] = Field(default_factory=list)
    version: int
