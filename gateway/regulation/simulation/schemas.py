"""What goes in and out of simulations over HTTP."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

SimulationState = Literal["running", "done"]
labelled("regulation.simulation.state", {"running": ("测算中", "Running"), "done": ("已完成", "Done")})
labelled(
    "regulation.simulation.probe",
    {
        "applications": ("报名资格审查", "Reviews of applications"),
        "community_posts": ("社区配备人数", "Posts of communities"),
        "yearly_hours": ("年度培训学时", "Training hours of the year"),
    },
)
labelled(
    "regulation.simulation.standing",
    {
        "qualified": ("合格", "Qualified"),
        "not_qualified": ("不合格", "Not qualified"),
        "awaiting": ("待认定", "Waits for determinations"),
        "missing_facts": ("草案所需事实未采集", "The draft asks for facts nobody gave"),
        "within": ("在标准内", "Within the norm"),
        "outside": ("超出标准", "Outside the norm"),
        "size_unknown": ("规模未知", "Size not known"),
        "met": ("学时已满", "Hours complete"),
        "short": ("学时不足", "Hours short"),
        "nothing_owed": ("无学时要求", "Nothing owed"),
    },
)


class SimulationBody(Body):
    """The draft, and the day for which it is asked; today where none is named."""

    draft_id: UUID
    on: date | None = None


class PartView(View):
    """How far one probe is. `refused`: the problem for which it gave up."""

    service: str
    probe: str
    examined: int
    changed: int
    done: bool
    refused: str | None


class SimulationView(View):
    """A simulation; done once every probe is. The counts are of the whole tenant."""

    id: UUID
    draft_id: UUID | None
    pack_version: str
    on_day: date
    requested_at: datetime
    state: SimulationState
    parts: list[PartView]


class SimulationChangeView(View):
    """One thing within the scope that would stand differently."""

    id: UUID
    service: str
    probe: str
    subject_id: UUID = Field(description="The application, community or person, as the service names it.")
    unit_no: int
    before: str
    after: str
    article: str | None
