"""What goes in and out of the dossier over HTTP. ID number and phone never stand in a dossier's own view."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

DossierState = Literal["enrolled", "on_duty", "left"]

labelled(
    "roster.dossier_state",
    {"enrolled": ("已录用未上岗", "enrolled"), "on_duty": ("在岗", "on duty"), "left": ("已离开", "left")},
)


class PartiesView(View):
    """The four units to which a worker stands: contract party, payer, manager and the community that employs the
    worker's time (NM-12, 17, 24). Null where the regulation does not name one."""

    employer_unit_id: UUID | None
    payer_unit_id: UUID | None
    manager_unit_id: UUID | None
    user_unit_id: UUID | None


class DossierSummary(View):
    """A dossier in a list."""

    id: UUID
    unit_no: int
    person_id: UUID
    full_name: str
    category: str
    post_title: str
    community_unit_id: UUID
    enrolled_on: date
    on_duty_from: date | None = Field(description="First day on duty; null as long as the worker is not.")
    left_on: date | None = Field(description="First day after the last one as a worker; null until then.")
    state: DossierState
    version: int


class DossierView(DossierSummary):
    """The whole dossier but for identity data, which has an operation of its own."""

    application_id: UUID | None = Field(description="Null where the dossier was entered from earlier history.")
    parties: PartiesView
    pack_id: str
    pack_version: str


class IdentityView(View):
    """Identity data, de-identified: `990101********0010`, `139****0000`."""

    id: UUID
    full_name: str
    id_number: str
    phone: str


class Unmask(Body):
    """Why the full ID number and phone are needed; the reason is kept in the audit chain."""

    reason: Annotated[str, StringConstraints(min_length=4, max_length=200)]


class OpenIdentityView(IdentityView):
    """Identity data in full. Each reading is audited."""


class Enrolment(Body):
    """A person hired, as the hire's event tells it, or one with earlier history (without application); checked before
    it becomes a dossier."""

    person_id: UUID
    application_id: UUID | None = None
    on_duty_from: date | None = None
    category: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    post_title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    community_unit_id: UUID
    decided_on: date
    full_name: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(repr=False)
    id_number: Annotated[str, StringConstraints(min_length=1, max_length=30)] = Field(repr=False)
    phone: Annotated[str, StringConstraints(min_length=1, max_length=30)] = Field(repr=False)
